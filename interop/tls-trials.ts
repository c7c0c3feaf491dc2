import type { Bench } from './bench.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { privateMounts } from './installed.ts';
import type { Tracks } from './judge-recording.ts';
import { Obs } from './obs.ts';
import { playToTheEnd } from './play-trials.ts';
import { intoFile, type Player } from './players.ts';
import { publishAndSee, see } from './publish-and-see.ts';
import { describeStream } from './publish-trials.ts';
import { distinctPublishers, type Publisher } from './publishers.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, staysTrue } from './until.ts';

const both: Tracks = { audio: true, video: true };
const obsNeeds = ['obs', 'Xvfb', 'ffmpeg', 'ffprobe', privateMounts] as const;
const OBS_STARTS_WITHIN_MS = 15_000;
/** OBS is told to try again every 2 s: more than three of those. */
const QUIET_MS = 7000;

const gatewayOf = (bench: Bench): Promise<GatewayProcess> => bench.gatewayWith({ 'rtmps-port': '0' });

export const tlsTrials: readonly Trial[] = [
  ...distinctPublishers.map(
    (publisher): Trial => ({
      chapter: 'TLS',
      client: publisher.client,
      title: 'publishes',
      needs: [...publisher.needs, 'ffprobe'],
      run: (bench) => publish(bench, publisher),
    }),
  ),
  ...Object.values(intoFile).map(
    (player): Trial => ({
      chapter: 'TLS',
      client: player.client,
      title: 'plays, and ends with the stream',
      needs: [...player.needs, 'ffmpeg', 'ffprobe'],
      run: (bench) => play(bench, player),
    }),
  ),
  {
    chapter: 'TLS',
    client: 'OBS Studio',
    title: 'publishes, and trusts the certificate',
    needs: obsNeeds,
    run: obsPublishes,
  },
  {
    chapter: 'TLS',
    client: 'OBS Studio',
    title: 'does not trust the certificate',
    needs: obsNeeds.filter((need) => need !== privateMounts),
    run: obsRefuses,
  },
];

const secureUrl = (bench: Bench, gateway: GatewayProcess, name: string): string =>
  `${gateway.rtmps(name)}?token=${bench.secret}`;

async function publish(bench: Bench, publisher: Publisher): Promise<string> {
  const gateway = await gatewayOf(bench);
  const name = bench.freshName();
  return await publishAndSee(bench, { gateway, name, publisher, url: secureUrl(bench, gateway, name) });
}

async function play(bench: Bench, player: Player): Promise<string> {
  const gateway = await gatewayOf(bench);
  return await playToTheEnd(bench, player, (name) => gateway.rtmps(name), gateway);
}

async function obsPublishes(bench: Bench): Promise<string> {
  const gateway = await gatewayOf(bench);
  const name = bench.freshName();
  const obs = await Obs.stream(bench, name, { gateway, tls: true, trusts: [gateway.certificateFile] });
  try {
    const stream = await gateway.untilLive(name, both, OBS_STARTS_WITHIN_MS).catch((error: Error) => {
      throw new Error(`${error.message}; OBS says: ${obs.program.lastWords}`);
    });
    return `${describeStream(stream, both)}; ${await see(bench, gateway, name)}; the certificate lies in an /etc/ssl/certs that OBS alone sees`;
  } finally {
    await obs.kill();
  }
}

async function obsRefuses(bench: Bench): Promise<string> {
  const gateway = await gatewayOf(bench);
  const name = bench.freshName();
  const obs = await Obs.stream(bench, name, { gateway, tls: true });
  try {
    await obs.program.says('Streaming Stop', OBS_STARTS_WITHIN_MS);
    const isQuiet = await staysTrue(() => obs.attempts === 1, QUIET_MS);
    expect(isQuiet, `OBS tried ${obs.attempts} times`);
    expect((await gateway.stream(name)) === undefined, 'the stream went live');
    const words = obs.log.split('\n').find((line) => /certificate|TLS|tls/.test(line));
    return `its log says "${words?.replace(/^[\d:. ]*/, '').trim()}", streaming stops, and it does not try again (watched for ${seconds(QUIET_MS)})`;
  } finally {
    await obs.quit();
  }
}
