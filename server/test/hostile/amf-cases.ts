import { concatBytes } from '../../../shared/bytes/concat.ts';
import { fromHex } from '../../../shared/bytes/hex.ts';
import { encodeCommand } from '../../rtmp/command.ts';
import { message } from './bytes.ts';
import { breaks, type HostileCase, type Inputs, isStood } from './case.ts';

/** Commands that begin well and go on with these bytes. */
const commandsWith = (values: Readonly<Record<string, string>>): Inputs =>
  Object.fromEntries(
    Object.entries(values).map(([name, hex]) => [
      name,
      message(20, concatBytes([encodeCommand('_checkbw', 0, null), fromHex(hex)])),
    ]),
  );

/** Each array holds two references to the one before: thirty of them stand for four billion values. */
const bombOfReferences = Array.from({ length: 30 }, (_, i) => {
  const reference = `07 ${i.toString(16).padStart(4, '0')}`;
  return `0a 00000002 ${reference} ${reference}`;
}).join('');

const manyKeys = Array.from({ length: 8000 }, (_, i) => `0004${(0x61616161 + i).toString(16)}05`).join('');

/** Behind a handshake: commands and the values in them. */
export const amfCases: readonly HostileCase[] = [
  ...isStood({
    'a command of nothing': message(20, ''),
    'a command that does not begin with a name': message(20, '00 00 00 00'),
    'an AMF3 command of nothing': message(17, ''),
  }),
  ...breaks('truncated', {
    'a command that is cut in its name': message(20, '02 0010 61'),
    'a number that is cut': message(20, '02 0001 61 00 0000'),
    ...commandsWith({ 'a text that is cut': '02 ffff 61' }),
  }),
  ...breaks('out-of-order', {
    'a command without a number': message(20, '02 0001 61'),
    ...commandsWith({ 'an ECMA array that says it has 4 billion': '08 ffffffff 0001 61 05 000009' }),
  }),
  ...breaks(
    'too-deep',
    commandsWith({
      '17 levels of objects': `${'03 0001 61'.repeat(17)}05`,
      '10000 levels of arrays': `${'0a 00000001'.repeat(10_000)}05`,
      '10000 levels of objects of AMF3': `11${'0a 0b 01 03 61'.repeat(10_000)}`,
    }),
  ),
  ...breaks(
    'too-many',
    commandsWith({
      'an object of 8000 keys': `03 ${manyKeys} 000009`,
      '60000 values': '05'.repeat(60_000),
      'references that unfold into 4 billion values': `0a 00000001 05${bombOfReferences}`,
    }),
  ),
  ...breaks(
    'bad-length',
    commandsWith({
      'an array of 4 billion': '0a ffffffff 05',
      'an AMF3 array of 268 million': '11 09 ffffffff 01',
      'an AMF3 vector of 268 million': '11 0d ffffffff 00',
      'an AMF3 class of 33 million members': '11 0a fffffffb 01',
    }),
  ),
  ...breaks(
    'too-large',
    commandsWith({ 'a text of 4 GB': '0c ffffffff 61', 'an XML text of 4 GB': '0f ffffffff 61' }),
  ),
  ...breaks(
    'bad-value',
    commandsWith({
      'a reference to nothing': '07 0005',
      'a reference to itself': '03 0001 61 07 0000 000009',
      'an AMF3 text that stood nowhere': '11 06 08',
      'an AMF3 class that stood nowhere': '11 0a 05',
      'an AMF3 object of a class that only itself can read': '11 0a 07 05 61 62',
      'an AMF3 dictionary of itself': '11 11 03 00 11 00 01',
    }),
  ),
  ...breaks(
    'bad-marker',
    commandsWith({
      'a movie clip': '04',
      'a record set': '0e',
      'a stray end': '09',
      'a type that is none': '77',
      'an AMF3 type that is none': '11 7f',
    }),
  ),
];
