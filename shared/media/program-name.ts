// What people call the program at the other end. Encoders name themselves in two places: in `flashVer` of RTMP, where most pretend to be
// Flash Media Live Encoder because servers once asked for it, and in `encoder` of their metadata, where they are honest.

/** What is known of a program, as it was sent. */
export interface ProgramHints {
  /** `flashVer` of RTMP, `User-Agent` of HTTP. */
  readonly userAgent: string | null;
  /** `encoder` of its metadata. */
  readonly encoder: string | null;
}

type Rule = readonly [pattern: RegExp, name: string];

/** The first that fits counts. What the pattern captures is the version. */
const encoders: readonly Rule[] = [
  [/libobs version (\d+(?:\.\d+){0,2})/i, 'OBS'],
  [/^OBS[ /]v?(\d+(?:\.\d+){0,2})/, 'OBS'],
  [/obs-(?:studio|output)(?:\/(\d+(?:\.\d+){0,2}))?/i, 'OBS'],
  [/Streamlabs(?: \w+)?[ /]v?(\d[\d.]*)?/i, 'Streamlabs'],
  [/^GStreamer(?: souphttpsrc)?(?:[ /](\d[\d.]*))?/i, 'GStreamer'],
  [/Wirecast(?:\/FM [\d.]+| v?(\d[\d.]*))?/i, 'Wirecast'],
  [/XSplit(?:\D{0,20}?v?(\d[\d.]*))?/i, 'XSplit'],
  [/vMix(?:[ /]v?(\d[\d.]*))?/i, 'vMix'],
  [/Larix(?: Broadcaster)?(?:[ /]v?(\d[\d.]*))?/i, 'Larix'],
  [/Teradek(?: \w+)?(?:[ /]v?(\d[\d.]*))?/i, 'Teradek'],
  [/\bDJI\b(?:[ /]v?(\d[\d.]*))?/, 'DJI'],
  [/HaishinKit(?:[ /]v?(\d[\d.]*))?/i, 'HaishinKit'],
  [/RootEncoder(?:[ /]v?(\d[\d.]*))?/i, 'RootEncoder'],
  // nginx-rtmp gives the one to other servers and the other to itself.
  [/^LNX\.11,1,102,55$|^ngx-local-relay$/, 'nginx-rtmp'],
  // What FFmpeg and librtmp say when they play.
  [/^LNX 9,0,124,2$/, 'ffmpeg'],
  [/^LNX 10,0,32,18$/, 'librtmp'],
  [/^(?:WIN|MAC|LNX|AND) (\d+,\d+,\d+,\d+)$/, 'Flash Player'],
];

/** Browsers say the names of those that they want to be taken for, so the rarer one comes first. */
const players: readonly Rule[] = [
  [/\bVLC\/(\d[\d.]*)/, 'VLC'],
  [/^(?:lib)?mpv(?:[ /](\d[\d.]*))?/, 'mpv'],
  [/^curl\/(\d[\d.]*)/, 'curl'],
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bSamsungBrowser\/(\d+)/, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/\b(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/\bCriOS\/(\d+)/, 'Chrome'],
  [/\((?:Macintosh|iPhone|iPad)[^)]*\).* Version\/(\d+).* Safari\//, 'Safari'],
  [/\bAppleWebKit\/(\d[\d.]*)/, 'WebKit'],
];

const libav = /^Lavf(\d[\d.]*)|[ (]Lavf(\d[\d.]*)|^Lavf\/(\d[\d.]*)/;
/** Says nothing: the name of the Flash encoder, which everybody borrows. */
const borrowed = /^FML?E\/[\d.]+ *(?:\(compatible; *(?:FMSc?[ /]?[\d.]*)?\)?)?$/i;
/** As long as a table has room for. */
const MAX_NAME = 40;

/** The everyday name of a program with its version, such as "OBS 29.0.2". Null when it says nothing of itself that tells it from others. */
export function programName({ userAgent, encoder }: ProgramHints): string | null {
  for (const text of [encoder, userAgent]) {
    const said = text === null ? '' : harmless(text);
    if (said === '' || borrowed.test(said)) continue;
    return known(said) ?? own(said);
  }
  return null;
}

function known(said: string): string | undefined {
  const version = libav
    .exec(said)
    ?.slice(1)
    .find((found) => found !== undefined);
  if (version !== undefined) return `ffmpeg (Lavf ${trimmed(version)})`;
  for (const [pattern, name] of [...encoders, ...players]) {
    const match = pattern.exec(said);
    if (match) return match[1] === undefined ? name : `${name} ${trimmed(match[1])}`;
  }
  return undefined;
}

const trimmed = (version: string): string => version.replaceAll(',', '.').replace(/\.+$/, '');

/** Its own words, without the Flash encoder around them. */
function own(said: string): string {
  const inner = /^FML?E\/[\d.]+ *\(compatible; *([^;)]+)/i.exec(said)?.[1] ?? said;
  const name = inner.trim();
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1).trimEnd()}…` : name;
}

/** What may be shown: nothing from a query or an address on, and no character that shows nothing or turns the line around. */
const harmless = (text: string): string =>
  text
    .slice(0, 256)
    .replace(/(?:[?#&]|%(?:3f|23|26)|\w*:\/\/).*$/is, '')
    .replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|\p{Default_Ignorable_Code_Point}/gu, '')
    .trim();
