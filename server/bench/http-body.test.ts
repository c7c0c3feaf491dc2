import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '../../shared/bytes/concat.ts';
import { everySplit } from '../../shared/testing/every-split.ts';
import { writeBinaryFrameHeader } from '../output/websocket-frame.ts';
import type { ByteSink } from './byte-sink.ts';
import { HttpBody } from './http-body.ts';
import { WebSocketBody } from './websocket-body.ts';

class Collector implements ByteSink {
  text = '';

  push(bytes: Uint8Array, start: number, end: number): undefined {
    this.text += Buffer.from(bytes.subarray(start, end)).toString('latin1');
  }
}

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function feed(sink: ByteSink, parts: readonly Uint8Array[]): string | undefined {
  let error: string | undefined;
  for (const part of parts) error ??= sink.push(part, 0, part.length);
  return error;
}

test('a body without framing is handed on as it is', () => {
  everySplit(latin1('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nFLV and more'), (parts) => {
    const body = new Collector();
    assert.equal(feed(new HttpBody(200, () => body), parts), undefined);
    assert.equal(body.text, 'FLV and more');
  });
});

test('a chunked body is taken out of its chunks', () => {
  const text =
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nFLV\r\nA;name=1f\r\n0123456789\r\n1\r\n!\r\n';
  everySplit(latin1(text), (parts) => {
    const body = new Collector();
    assert.equal(feed(new HttpBody(200, () => body), parts), undefined);
    assert.equal(body.text, 'FLV0123456789!');
  });
});

test('another status, an end of the chunks and a head without end are errors', () => {
  const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
  const head = (text: string) => feed(new HttpBody(200, () => new Collector()), [latin1(text)]);
  assert.match(head('HTTP/1.1 503 Service Unavailable\r\n\r\n') ?? '', /status 503/);
  assert.match(head(chunked) ?? '', /ended/);
  assert.match(head('x'.repeat(9000)) ?? '', /no end of its head/);
});

test('the payload of WebSocket frames of all three lengths is handed on', () => {
  const payloads = [5, 125, 126, 300, 70_000].map((length, i) => new Uint8Array(length).fill(97 + i));
  const frames = payloads.flatMap((payload) => {
    const header = new Uint8Array(10);
    return [header.subarray(0, writeBinaryFrameHeader(header, 0, payload.length)), payload];
  });
  const expected = payloads.map((payload) => Buffer.from(payload).toString('latin1')).join('');
  for (const size of [1, 2, 3, 7, 130, 65_536, 100_000]) {
    const bytes = concatBytes(frames);
    const body = new Collector();
    const sink = new WebSocketBody(body, () => assert.fail('there was no ping'));
    for (let at = 0; at < bytes.length; at += size) {
      assert.equal(sink.push(bytes, at, Math.min(at + size, bytes.length)), undefined);
    }
    assert.equal(body.text, expected);
  }
});

test('a ping is reported, its payload is no media, and a close is an error', () => {
  const body = new Collector();
  let pings = 0;
  const sink = new WebSocketBody(body, () => pings++);
  assert.equal(feed(sink, [Uint8Array.of(0x89, 2, 1, 2), Uint8Array.of(0x82, 1, 65)]), undefined);
  assert.equal(pings, 1);
  assert.equal(body.text, 'A');
  assert.match(feed(sink, [Uint8Array.of(0x88, 0)]) ?? '', /closed/);
});
