import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { judgeRecording, type Tracks } from './judge-recording.ts';
import { describeStream } from './publish-trials.ts';
import type { Login, Publisher } from './publishers.ts';

const both: Tracks = { audio: true, video: true };
const SEEN_MS = 1500;

/** Publishes picture and sound to an address, and gives what the API and a viewer saw of it. */
export async function publishAndSee(
  bench: Bench,
  {
    gateway,
    name,
    publisher,
    url,
    login,
  }: {
    gateway: GatewayProcess;
    name: string;
    publisher: Publisher;
    url: string;
    login?: Login;
  },
): Promise<string> {
  const program = publisher.start(bench.clip, url, both, login);
  const stream = await gateway.untilLive(name, both).catch((error: Error) => {
    throw new Error(`${error.message}; the client says: ${program.lastWords}`);
  });
  return `${describeStream(stream, both)}; ${await see(bench, gateway, name)}`;
}

/** What a viewer over HTTP gets of a live stream, decoded. */
export async function see(bench: Bench, gateway: GatewayProcess, name: string): Promise<string> {
  const recording = await FlvRecording.watch(gateway.flv(name));
  await recording.untilSpan(SEEN_MS);
  recording.close();
  return await judgeRecording(recording, both, bench.recordingFile(name));
}
