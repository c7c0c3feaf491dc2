import { fromHex } from '../../../shared/bytes/hex.ts';

/** Bodies that no encoder makes, by the type of their message. */
const bodies = {
  /** Video */
  9: [
    '',
    '17',
    '1700',
    '1700000000',
    `1700000000 01640028 ffe1 ffff ${'00'.repeat(8)}`,
    '1700000000 0142c01e ffe1 0004 6742ffff 01 0001 68',
    '17010000000000000001',
    '27010000ffffffffff',
    '1702000000',
    '1703',
    '5701',
    '1c00000000 01',
    '70',
    'f0',
    '80',
    '9068766331',
    '9168766331 000000',
    '90617630 3181',
    '9076703039',
    `90${'41'.repeat(4)}`,
    '96',
    '9600',
    '9610',
    '960068766331',
    '9610687663310000ffff',
    '962068766331 00 68766331 ffffff',
    `9620${'68766331 00 000000'.repeat(300)}`,
    '97',
    '9700',
    '97ff',
    '97ffffff',
    '9700000000'.repeat(400),
    '9402000161',
  ],
  /** Audio */
  8: [
    '',
    'af',
    'af00',
    'af00ffff',
    'af0013',
    'af01',
    '2f',
    '2fffe300',
    '90',
    '904f707573',
    '90664c6143',
    '9530',
    '95204f707573 00 ffffff',
    '97ff',
    '9d',
  ],
  /** Data */
  18: [
    '',
    '02000a6f6e4d65746144617461',
    '02000a6f6e4d65746144617461 08ffffffff',
    `02000a6f6e4d65746144617461 ${'0300016a'.repeat(3000)}`,
    '02000d40736574446174614672616d65',
    '02000f40636c6561724461746146726d6500',
    '11 0a ffffffff 01',
    '07 0000',
  ],
  /** Aggregate */
  22: ['', '08 ffffff', '09000001 000000 00 000000 17 0000000c'],
} as const;

/** Each for a stream of its own. */
export const hostileMedia = Object.entries(bodies).flatMap(([typeId, hexes]) =>
  hexes.map((hex) => [Number(typeId), fromHex(hex)] as const),
);
