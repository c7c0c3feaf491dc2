import assert from 'node:assert/strict';
import { it } from 'node:test';
import { rtmpServers, streamLinks, unknownPorts } from './stream-links.ts';

const place = (url: string) => {
  const { origin, hostname } = new URL(url);
  return { origin, hostname };
};

it('addresses keep the host and port of the page, and have the ports of RTMP that the server says', () => {
  const links = streamLinks('live/main', place('http://10.0.0.7:28080/admin'), {
    rtmpPort: 21_935,
    rtmpsPort: null,
  });
  assert.equal(links.watch, 'http://10.0.0.7:28080/watch/live/main');
  assert.equal(links.httpFlv, 'http://10.0.0.7:28080/live/main.flv');
  assert.equal(links.wsFlv, 'ws://10.0.0.7:28080/live/main.flv');
  assert.equal(links.rtmp, 'rtmp://10.0.0.7:21935/live/main');
  assert.equal(links.rtmps, null);
  assert.match(links.embedCode, /src="http:\/\/10\.0\.0\.7:28080\/embed\/live\/main"/);
});

it('a page over https gives wss and https addresses, and RTMPS where there is one', () => {
  const links = streamLinks('live/main', place('https://tv.example/admin'), {
    rtmpPort: 1935,
    rtmpsPort: 443,
  });
  assert.equal(links.watch, 'https://tv.example/watch/live/main');
  assert.equal(links.wsFlv, 'wss://tv.example/live/main.flv');
  assert.equal(links.rtmp, 'rtmp://tv.example/live/main');
  assert.equal(links.rtmps, 'rtmps://tv.example/live/main');
});

it('a page at an IPv6 address gives addresses that are URLs', () => {
  const at = place('http://[fd00::7]:8080/admin');
  const links = streamLinks('live/main', at, { rtmpPort: 1936, rtmpsPort: 1937 });
  for (const address of [links.watch, links.httpFlv, links.wsFlv, links.rtmp, links.rtmps ?? '']) {
    assert.equal(new URL(address).hostname, '[fd00::7]', address);
  }
  assert.equal(rtmpServers(at, unknownPorts).plain, 'rtmp://[fd00::7]');
});

it('letters of a name are encoded where a browser reads them and plain for RTMP, and a chosen track is named', () => {
  const links = streamLinks('live/käse', place('http://tv.example/'), unknownPorts, 2);
  assert.equal(links.watch, 'http://tv.example/watch/live/k%C3%A4se?track=2');
  assert.equal(links.rtmp, 'rtmp://tv.example/live/käse?track=2');
  assert.equal(links.previewPath, '/api/v1/preview/live/k%C3%A4se.flv');
});

it('a track stands in every address of a stream but the path, and the default one in none', () => {
  const at = place('https://tv.example/');
  const links = streamLinks('live/main', at, unknownPorts, 2);
  assert.equal(links.httpFlv, 'https://tv.example/live/main.flv?track=2');
  assert.equal(links.wsFlv, 'wss://tv.example/live/main.flv?track=2');
  assert.match(links.embedCode, /embed\/live\/main\?track=2"/);
  assert.deepEqual(streamLinks('live/main', at, unknownPorts, 0), streamLinks('live/main', at, unknownPorts));
});
