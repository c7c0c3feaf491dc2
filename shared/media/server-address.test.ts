import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type AddressScheme, addressWithPort, serverAddress, webSocketOrigin } from './server-address.ts';

it('names a port where it is not the usual one of its scheme', () => {
  const usual = { http: 80, https: 443, ws: 80, wss: 443, rtmp: 1935, rtmps: 443 } as const;
  for (const [scheme, port] of Object.entries(usual) as [AddressScheme, number][]) {
    assert.equal(serverAddress(scheme, 'example.org', port), `${scheme}://example.org`);
    assert.equal(serverAddress(scheme, 'example.org', null), `${scheme}://example.org`);
    assert.equal(serverAddress(scheme, 'example.org', 21_935), `${scheme}://example.org:21935`);
  }
  assert.equal(serverAddress('rtmps', 'example.org', 1935), 'rtmps://example.org:1935');
  assert.equal(addressWithPort('rtmp', 'fd00::3', 1935), 'rtmp://[fd00::3]:1935');
});

it('an IPv6 address stands in brackets, however it was written, and every one is a URL', () => {
  for (const host of ['fd00::3', '[fd00::3]', '::1']) {
    for (const port of [null, 8080]) {
      const url = new URL(serverAddress('http', host, port));
      assert.equal(url.hostname, host.startsWith('[') ? host : `[${host}]`);
      assert.equal(url.port, port === null ? '' : '8080');
    }
  }
});

it('WebSockets of a page are where the page came from', () => {
  assert.equal(webSocketOrigin('http://[fd00::3]:8080'), 'ws://[fd00::3]:8080');
  assert.equal(webSocketOrigin('https://tv.example'), 'wss://tv.example');
});
