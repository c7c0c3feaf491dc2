import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromHex, toHex } from '../bytes/hex.ts';
import { fourCc, fourCcCode, fourCcText } from './fourcc.ts';
import { unescapeRbsp } from './rbsp.ts';

test('codes are the numbers that FFmpeg writes into metadata', () => {
  assert.equal(fourCc.hvc1, 1752589105);
  assert.equal(fourCc.av01, 1635135537);
  assert.equal(fourCc.opus, 1332770163);
});

test('a code and its text go both ways, and unprintable bytes show as question marks', () => {
  for (const text of ['avc1', '.mp3', 'fLaC', 'ec-3']) assert.equal(fourCcText(fourCcCode(text)), text);
  assert.equal(fourCcText(0x00ff0a41), '???A');
  assert.equal(fourCcText(fourCcCode('\xff\xff\xff\xff')), '????');
});

test('emulation prevention bytes are taken out, and only those', () => {
  const cases = {
    '000003': '0000',
    '00000301': '000001',
    '0000030003': '00000003',
    '000000030000030001': '00000000000001',
    '0003': '0003',
    '010203': '010203',
  };
  for (const [escaped, plain] of Object.entries(cases))
    assert.equal(toHex(unescapeRbsp(fromHex(escaped))), plain, escaped);
});
