import { readFileSync } from 'node:fs';
import type { Bench } from './bench.ts';
import { FlvRecording } from './flv-recording.ts';
import { decode, expectOrder, type Tracks } from './judge-recording.ts';
import { intoFile, type Player } from './players.ts';
import { Program, runProgram } from './program.ts';
import { startFfmpeg } from './publishers.ts';
import { expectSamePackets } from './same-packets.ts';
import { expect, type Trial } from './trial.ts';
import { seconds, until } from './until.ts';

const both: Tracks = { audio: true, video: true };
/** Media that a player gets before its publisher stops. */
const PLAYED_MS = 2500;
const ENDS_WITHIN_MS = 6000;
/** As long as the server lets a player wait for a stream. */
const WAITS_FOR_STREAM_MS = 10_000;

const rtmpPlayers = Object.values(intoFile);

/** `-B` asks for so much of a stream; the server ends the play, and rtmpdump says that it is complete. */
const durationTrial: Trial = {
  chapter: 'play over RTMP',
  client: 'rtmpdump',
  title: 'plays for as long as it asks for',
  needs: ['rtmpdump', 'ffmpeg'],
  async run(bench) {
    const { name } = await publish(bench);
    const file = bench.file('for-a-while.flv');
    const askedSeconds = 2;
    const args = ['-v', '-B', String(askedSeconds), '-r', bench.gateway.rtmp(name), '-o', file];
    const program = new Program('rtmpdump', args);
    expect(await program.endsWithin(10_000), `rtmpdump did not end: ${program.lastWords}`);
    const { spanMs } = readRecording(file);
    const isWhole = spanMs > askedSeconds * 1000 - 200 && spanMs < askedSeconds * 1000;
    expect(isWhole, `rtmpdump got ${spanMs} ms; it says: ${program.lastWords}`);
    expect((await bench.gateway.stream(name))?.state === 'live', 'the stream went with it');
    return `asks for ${askedSeconds} s, gets ${seconds(spanMs)} and ends with code ${program.exitCode}; the stream goes on`;
  },
};

export const playTrials: readonly Trial[] = [
  ...rtmpPlayers.map((player) => playIntoFile(player, 'play over RTMP')),
  ...(['play over RTMP', 'play over HTTP-FLV'] as const).flatMap((chapter) => [
    ffprobeTrial(chapter),
    ffplayTrial(chapter),
  ]),
  playIntoFile(intoFile.ffmpeg, 'play over HTTP-FLV'),
  durationTrial,
  ...rtmpPlayers.map(badNameTrial),
  notLiveTrial(intoFile.ffmpeg),
];

function addressOf(bench: Bench, chapter: Trial['chapter'], name: string): string {
  return chapter === 'play over RTMP' ? bench.gateway.rtmp(name) : bench.gateway.flv(name);
}

/** Plays, then the publisher stops: the player has to end by itself and leave a file that decodes whole. */
function playIntoFile(player: Player, chapter: Trial['chapter']): Trial {
  return {
    chapter,
    client: player.client,
    title: 'plays, and ends with the stream',
    needs: [...player.needs, 'ffmpeg', 'ffprobe'],
    run: (bench) => playToTheEnd(bench, player, (name) => addressOf(bench, chapter, name)),
  };
}

/** ffmpeg publishes to `gateway` and stops; what the player stored of it has to be what was published. */
export async function playToTheEnd(
  bench: Bench,
  player: Player,
  address: (name: string) => string,
  gateway = bench.gateway,
): Promise<string> {
  const { name, publisher } = await publish(bench, gateway);
  const file = bench.file(`${name.replaceAll('/', '-')}-played.flv`);
  const program = player.start(address(name), file);
  const untilPlayed = () => program.ended || readRecording(file).spanMs >= PLAYED_MS;
  await until(untilPlayed, 12_000, `${PLAYED_MS} ms of media in the player's file`);
  expect(!program.ended, `the player ended early: ${program.lastWords}`);
  const viewers = (await gateway.stream(name))?.viewers;
  expect(viewers?.total === 1, `the API counts ${viewers?.total} viewers`);
  const endedAfter = await endsWith(publisher, program, player.asksAgain ? WAITS_FOR_STREAM_MS : 0);
  expectOrder(readRecording(file));
  const remark = player.asksAgain
    ? ': it asks for the stream again by itself, and is told that it is not live'
    : '';
  const decoded = await decode(file, both);
  return `${decoded}, ${await expectSamePackets(file, bench.clip)}; ${endedAfter}${remark}`;
}

function ffprobeTrial(chapter: Trial['chapter']): Trial {
  return {
    chapter,
    client: 'ffprobe',
    title: 'names the tracks',
    needs: ['ffprobe', 'ffmpeg'],
    async run(bench) {
      const { name, publisher } = await publish(bench);
      const entries = 'stream=codec_name,width,height,sample_rate';
      const args = ['-v', 'error', '-show_entries', entries, '-of', 'compact=p=0:nk=1'];
      const probe = await runProgram('ffprobe', [...args, addressOf(bench, chapter, name)]);
      await publisher.end('SIGINT');
      const lines = probe.output.trim().split('\n').sort();
      expect(lines.join(' ') === 'aac|44100 h264|320|180', `ffprobe says: ${lines.join(' ')}`);
      return `names h264 320x180 and aac 44100 Hz ${seconds(performance.now() - probe.startedMs)} after its start`;
    },
  };
}

/** ffplay without a window decodes and plays the sound; its status line tells how far its clock has come. */
function ffplayTrial(chapter: Trial['chapter']): Trial {
  return {
    chapter,
    client: 'ffplay',
    title: 'plays, and ends with the stream',
    needs: ['ffplay', 'ffmpeg'],
    async run(bench) {
      const { name, publisher } = await publish(bench);
      const url = addressOf(bench, chapter, name);
      const env = { SDL_AUDIODRIVER: 'dummy', SDL_VIDEODRIVER: 'dummy' };
      const program = new Program('ffplay', ['-hide_banner', '-nodisp', '-autoexit', url], { env });
      const clocks = () =>
        Array.from(program.output.matchAll(/^ *(\d+\.\d+) (?:M-A|A-V)/gm), ([, time]) => Number(time));
      const playedMs = () => ((clocks().at(-1) ?? 0) - (clocks()[0] ?? 0)) * 1000;
      await until(() => program.ended || playedMs() >= PLAYED_MS, 15_000, "the advance of ffplay's clock");
      expect(!program.ended, `ffplay ended early: ${program.lastWords}`);
      const played = seconds(playedMs());
      const endedAfter = await endsWith(publisher, program);
      const complaint = /error while decoding|invalid data/i.exec(program.output)?.[0];
      expect(!complaint, `ffplay complains: ${complaint}`);
      return `its clock runs ${played} without a complaint; ${endedAfter}`;
    },
  };
}

function badNameTrial(player: Player): Trial {
  return {
    chapter: 'refused',
    client: player.client,
    title: 'plays a name that cannot be',
    needs: player.needs,
    run: (bench) => refusedPlay(bench, player, 'live/.hidden', 'cannot be used', 8000),
  };
}

function notLiveTrial(player: Player): Trial {
  return {
    chapter: 'refused',
    client: player.client,
    title: 'plays what is not live',
    needs: player.needs,
    run: (bench) => refusedPlay(bench, player, bench.freshName(), 'is not live', 16_000),
  };
}

async function refusedPlay(
  bench: Bench,
  player: Player,
  name: string,
  sentence: string,
  patienceMs: number,
): Promise<string> {
  const logBefore = bench.gateway.log.length;
  const program = player.start(bench.gateway.rtmp(name), bench.file('refused.flv'));
  expect(await program.endsWithin(patienceMs), `the player was still there: ${program.lastWords}`);
  expect(
    bench.gateway.log.slice(logBefore).includes(sentence),
    `the server did not refuse; the player says: ${program.lastWords}`,
  );
  const took = `ends after ${seconds(performance.now() - program.startedMs)}`;
  if (program.output.includes(sentence)) return `shows the sentence and ${took}`;
  const shown = program.output.includes('StreamNotFound')
    ? 'only the code of the refusal'
    : 'nothing of the refusal';
  return `shows ${shown} and ${took}`;
}

async function publish(bench: Bench, gateway = bench.gateway): Promise<{ name: string; publisher: Program }> {
  const name = bench.freshName();
  const publisher = startFfmpeg(bench.clip, bench.publishUrl(name, gateway));
  await gateway.untilLive(name, both);
  return { name, publisher };
}

async function endsWith(publisher: Program, player: Program, extraMs = 0): Promise<string> {
  await publisher.end('SIGINT');
  const stoppedMs = performance.now();
  expect(
    await player.endsWithin(ENDS_WITHIN_MS + extraMs),
    `the player did not end within ${seconds(ENDS_WITHIN_MS + extraMs)} after the publisher: ${player.lastWords}`,
  );
  return `ends ${seconds(performance.now() - stoppedMs)} after the publisher`;
}

/** A player's file as far as it is written; none yet is an empty one. */
function readRecording(file: string): FlvRecording {
  const recording = new FlvRecording();
  try {
    recording.take(readFileSync(file));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return recording;
}
