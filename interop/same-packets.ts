import { runProgram } from './program.ts';
import { expect } from './trial.ts';

type Hashes = Readonly<Record<'audio' | 'video', readonly string[]>>;

const clips = new Map<string, Promise<Hashes>>();

/**
 * Throws unless `file` holds a run of the clip's packets, byte for byte and without a gap. A decoder alone would not
 * notice every changed byte. Only for what was published without coding it anew.
 */
export async function expectSamePackets(file: string, clip: string): Promise<string> {
  const known = clips.get(clip) ?? packetHashes(clip);
  clips.set(clip, known);
  const [published, seen] = await Promise.all([known, packetHashes(file)]);
  for (const kind of ['audio', 'video'] as const) {
    const first = seen[kind][0];
    if (first === undefined) continue;
    const start = published[kind].indexOf(first);
    expect(start >= 0, `the first ${kind} packet was never published`);
    const changed = seen[kind].findIndex((hash, at) => hash !== published[kind][start + at]);
    expect(changed < 0, `${kind} packet ${changed} is not what was published`);
  }
  return 'every packet byte for byte as it was published';
}

interface ProbedPacket {
  readonly codec_type?: string;
  readonly data_hash?: string;
}

async function packetHashes(file: string): Promise<Hashes> {
  const entries = ['-show_entries', 'packet=codec_type,data_hash', '-show_data_hash', 'MD5'];
  const probe = await runProgram('ffprobe', ['-v', 'error', ...entries, '-of', 'json', file]);
  const { packets } = JSON.parse(probe.output) as { packets: ProbedPacket[] };
  const ofKind = (kind: string) =>
    packets.filter((packet) => packet.codec_type === kind).map((packet) => packet.data_hash ?? '');
  return { audio: ofKind('audio'), video: ofKind('video') };
}
