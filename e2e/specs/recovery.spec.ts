import { BareProxy } from '../fixtures/bare-proxy.ts';
import { StallProxy } from '../fixtures/stall-proxy.ts';
import { expect, test } from '../fixtures/test.ts';
import type { WatchPage } from '../fixtures/watch-page.ts';

/** Leaves a mark in the page, which a reload would wipe away. */
async function mark(page: WatchPage): Promise<() => Promise<void>> {
  await page.page.evaluate(() => document.body.setAttribute('data-test-mark', 'here'));
  return async () => expect(page.page.locator('body')).toHaveAttribute('data-test-mark', 'here');
}

test('the picture comes back when an encoder crashes and starts again', async ({ publish, watch }) => {
  const first = publish('live/main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  const notReloaded = await mark(page);
  await first.kill();
  await page.expectState('reconnecting', 'buffering');
  publish('live/main');
  await page.expectPlaying();
  await notReloaded();
});

test('a page says that the stream ended, and plays the next one, in another size', async ({
  publish,
  watch,
}) => {
  const first = publish('live/main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  const notReloaded = await mark(page);
  await first.stop();
  await page.expectState('ended');
  publish('live/main', { width: 1280, height: 720 });
  await page.expectPlaying();
  await expect.poll(async () => (await page.progress()).width).toBe(1280);
  await notReloaded();
});

test('a resolution that changes while viewers are held for the encoder does not stop them', async ({
  publish,
  watch,
}) => {
  const first = publish('live/main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  await first.kill();
  publish('live/main', { width: 1280, height: 720 });
  await expect.poll(async () => (await page.progress()).width).toBe(1280);
  await page.expectPlaying();
});

test('sound that goes and comes again between two encoders does not need a reload', async ({
  publish,
  watch,
}) => {
  const first = publish('live/main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  await first.kill();
  const mute = publish('live/main', { audio: false });
  await page.expectPlaying({ audio: false });
  await mute.kill();
  publish('live/main');
  await page.expectPlaying();
});

test('the picture comes back after the server was restarted', async ({ gateway, publish, watch }) => {
  publish('live/main');
  const page = await watch('/watch/live/main');
  await page.expectPlaying();
  const notReloaded = await mark(page);
  await gateway.restart();
  publish('live/main');
  await page.expectPlaying();
  await notReloaded();
});

test('a network that was cut does not stop a page', async ({ gateway, publish, watch }) => {
  const proxy = await StallProxy.start(gateway.httpPort);
  publish('live/main');
  const page = await watch('/watch/live/main', { port: proxy.port });
  await page.expectPlaying();
  proxy.cut();
  await page.expectPlaying();
  proxy.stop();
});

test('after a network stall of 5 s a page is back under a second behind, by itself', async ({
  gateway,
  publish,
  watch,
}) => {
  const proxy = await StallProxy.start(gateway.httpPort);
  publish('live/main');
  const page = await watch('/watch/live/main', { port: proxy.port });
  await page.expectPlaying();
  proxy.stall();
  // The stall itself is what is tested: nothing can be waited for while nothing moves.
  await page.page.waitForTimeout(5_000);
  proxy.resume();
  await page.expectPlaying();
  await expect.poll(() => page.number('data-latency'), { timeout: 10_000 }).toBeLessThan(1);
  proxy.stop();
});

test('behind a proxy that lets no WebSocket through a page plays over HTTP, without a false word and without knocking on', async ({
  gateway,
  publish,
  watch,
}) => {
  const proxy = await BareProxy.start(gateway.httpPort);
  const first = publish('live/main');
  const page = await watch('/watch/live/main', { port: proxy.port });
  const others = await page.statesBeside('connecting', 'live', 'offline');
  await page.expectPlaying();
  await expect(page.page.locator('.player')).toHaveAttribute('data-transport', 'http');
  expect(await others()).toEqual([]);
  const { upgrades } = proxy;
  await page.expectClock(8);
  // Two seconds, four, eight: the status channel gives up more and more, and the media does not ask again.
  expect(proxy.upgrades - upgrades).toBeLessThanOrEqual(4);
  await first.kill();
  await page.expectState('reconnecting', 'buffering');
  publish('live/main');
  await page.expectPlaying();
  proxy.stop();
});
