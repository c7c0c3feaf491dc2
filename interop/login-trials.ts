import type { Bench } from './bench.ts';
import type { GatewayProcess, GatewaySettings } from './gateway-process.ts';
import type { Tracks } from './judge-recording.ts';
import { Obs } from './obs.ts';
import { publishAndSee, see } from './publish-and-see.ts';
import { describeStream } from './publish-trials.ts';
import { distinctPublishers, type Login, type Publisher } from './publishers.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, staysTrue } from './until.ts';

const both: Tracks = { audio: true, video: true };
const USER = 'encoder';
const ENDS_WITHIN_MS = 10_000;
const OBS_STARTS_WITHIN_MS = 15_000;
/** OBS is told to try again every 2 s: more than three of those. */
const QUIET_MS = 7000;
const wrongSentence = 'The user name or the password for publishing is wrong.';
const neededSentence = 'Publishing here needs a user name and a password.';
const obsNeeds = ['obs', 'Xvfb', 'ffmpeg', 'ffprobe'] as const;

/** The password is the secret that no log may hold. */
const rightLogin = ({ secret }: Bench): Login => ({ user: USER, password: secret });
const wrongLogin: Login = { user: USER, password: 'not-the-password' };

const settingsOf = ({ secret }: Bench): GatewaySettings => ({
  'rtmp-publish-user': USER,
  'rtmp-publish-password': secret,
});
const gatewayOf = (bench: Bench): Promise<GatewayProcess> => bench.gatewayWith(settingsOf(bench));

export const loginTrials: readonly Trial[] = [
  ...distinctPublishers.flatMap((publisher): Trial[] => {
    const { client, needs } = publisher;
    const trial = { chapter: 'login', client, needs: [...needs, 'ffprobe'] } as const;
    return [
      { ...trial, title: 'has the login', run: (bench) => publish(bench, publisher) },
      { ...trial, title: 'has a wrong password', run: (bench) => refused(bench, publisher, wrongLogin) },
      { ...trial, title: 'has no login', run: (bench) => refused(bench, publisher, undefined) },
    ];
  }),
  { chapter: 'login', client: 'OBS Studio', title: 'has the login', needs: obsNeeds, run: obsPublishes },
  {
    chapter: 'login',
    client: 'OBS Studio',
    title: 'has a wrong password',
    needs: obsNeeds,
    run: (bench) => obsRefused(bench, wrongLogin),
  },
  {
    chapter: 'login',
    client: 'OBS Studio',
    title: 'has no login',
    needs: obsNeeds,
    run: (bench) => obsRefused(bench, undefined),
  },
];

async function publish(bench: Bench, publisher: Publisher): Promise<string> {
  const gateway = await gatewayOf(bench);
  const name = bench.freshName();
  const url = bench.publishUrl(name, gateway);
  return await publishAndSee(bench, { gateway, name, publisher, url, login: rightLogin(bench) });
}

async function refused(bench: Bench, publisher: Publisher, login: Login | undefined): Promise<string> {
  const gateway = await gatewayOf(bench);
  const name = bench.freshName();
  const program = publisher.start(bench.clip, bench.publishUrl(name, gateway), both, login);
  expect(await program.endsWithin(ENDS_WITHIN_MS), `the client did not end: ${program.lastWords}`);
  expect(program.exitCode, 'the client took the refusal for a success, or crashed');
  const sentence = login ? wrongSentence : neededSentence;
  const shown = program.output.includes(sentence) ? 'shows the sentence and ' : '';
  return `${shown}ends with code ${program.exitCode} after ${seconds(performance.now() - program.startedMs)}`;
}

/** After a restart of the server the old answer is worth nothing: OBS has to go through the steps again by itself. */
async function obsPublishes(bench: Bench): Promise<string> {
  const gateway = await bench.ownGateway(settingsOf(bench));
  const name = bench.freshName();
  const obs = await Obs.stream(bench, name, { gateway, login: rightLogin(bench) });
  try {
    const stream = await gateway.untilLive(name, both, OBS_STARTS_WITHIN_MS);
    const decoded = await see(bench, gateway, name);
    await gateway.terminate();
    await gateway.launch();
    await gateway.untilLive(name, both, OBS_STARTS_WITHIN_MS);
    return `${describeStream(stream, both)}; ${decoded}; when the server restarts it logs in again by itself`;
  } finally {
    await obs.kill();
  }
}

async function obsRefused(bench: Bench, login: Login | undefined): Promise<string> {
  const gateway = await gatewayOf(bench);
  const obs = await Obs.stream(bench, bench.freshName(), login ? { gateway, login } : { gateway });
  try {
    // OBS's own words: of a refused connect it shows nothing that the server says.
    const words = login ? 'Authentication failed: wrong password' : 'need to set pubUser & pubPasswd';
    await obs.program.says(words, OBS_STARTS_WITHIN_MS);
    await obs.program.says('Streaming Stop', 5000);
    const isQuiet = await staysTrue(() => obs.attempts === 1, QUIET_MS);
    expect(isQuiet, `OBS tried ${obs.attempts} times`);
    return `its log says "${words}", streaming stops, and it does not try again (watched for ${seconds(QUIET_MS)}, retry delay 2 s)`;
  } finally {
    await obs.quit();
  }
}
