import { missing } from './installed.ts';
import type { Chapter, Result } from './trial.ts';

interface Report {
  readonly results: readonly Result[];
  readonly versions: readonly { label: string; version: string }[];
  readonly sluiceVersion: string;
  readonly date: Date;
  readonly tookSeconds: number;
}

const chapters: readonly { chapter: Chapter; heading: string; text: string }[] = [
  {
    chapter: 'publish',
    heading: 'Publish',
    text: 'The stream goes live with the right codecs and size in the API. A viewer over HTTP-FLV records it: whole tags, first picture a keyframe, time never goes back, every frame decodes.',
  },
  {
    chapter: 'play over RTMP',
    heading: 'Play over RTMP',
    text: 'ffmpeg publishes, the client plays. What it stored decodes whole. When the publisher stops, the client ends by itself.',
  },
  {
    chapter: 'play over HTTP-FLV',
    heading: 'Play over HTTP',
    text: 'The same, over HTTP-FLV or on the watch page.',
  },
  {
    chapter: 'refused',
    heading: 'Refused',
    text: 'The client ends, or stays ended, and shows the reason where it can show any.',
  },
  {
    chapter: 'cut and restart',
    heading: 'Cut and restart',
    text: 'The encoder is killed and comes back, or the server stops (SIGTERM) under it.',
  },
  {
    chapter: 'login',
    heading: 'Login',
    text: 'The server has `rtmp.publish_user` and `rtmp.publish_password`. With both right the stream is live; else the client is refused.',
  },
  {
    chapter: 'TLS',
    heading: 'RTMPS',
    text: 'The server has `rtmps.port`, and the certificate that it made for itself, for `localhost` and the loopback addresses.',
  },
];

/** One line for the terminal. */
export function resultLine({ trial, outcome, observation }: Result): string {
  return `${outcome.toUpperCase().padEnd(5)}${trial.client.padEnd(21)}${trial.title.padEnd(39)}${observation}`;
}

export function countOf(results: readonly Result[], outcome: Result['outcome']): number {
  return results.filter((result) => result.outcome === outcome).length;
}

/** docs/interop.md. */
export function reportMarkdown({ results, versions, sluiceVersion, date, tookSeconds }: Report): string {
  const counts = (['pass', 'fail', 'skip'] as const).map(
    (outcome) => `${countOf(results, outcome)} ${outcome}`,
  );
  const absent = missing(['obs', 'Xvfb', 'ffmpeg', 'ffplay', 'gst-launch-1.0', 'rtmpdump', 'chromium']);
  const lines = [
    '# Interoperability',
    '',
    'Written by `npm run interop`, which runs Sluice against the real programs that are installed. Do not edit.',
    '',
    `Sluice ${sluiceVersion}, ${date.toISOString().slice(0, 10)}, Node ${process.versions.node}: ${counts.join(', ')}, in ${tookSeconds} s.`,
    '',
    '| client | version |',
    '|---|---|',
    ...versions.map(({ label, version }) => `| ${label} | ${version} |`),
    ...(absent.length > 0 ? ['', `Not installed: ${absent.join(', ')}.`] : []),
  ];
  for (const { chapter, heading, text } of chapters) {
    const rows = results.filter(({ trial }) => trial.chapter === chapter);
    if (rows.length === 0) continue;
    lines.push(
      '',
      `## ${heading}`,
      '',
      text,
      '',
      '| client | case | result | observation |',
      '|---|---|---|---|',
    );
    for (const { trial, outcome, observation } of rows) {
      lines.push(`| ${[trial.client, trial.title, outcome, observation].map(cell).join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
