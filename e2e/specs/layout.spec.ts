import { get } from 'node:http';
import type { Page } from 'playwright/test';
import { RtmpPublisherClient } from '../../server/transport/client/rtmp-publisher-client.ts';
import type { Gateway } from '../fixtures/gateway.ts';
import { expect, test } from '../fixtures/test.ts';

const sizes = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 844, height: 390 },
  { width: 1024, height: 768 },
  { width: 1440, height: 900 },
];

/** As long as a name may be without a place to break it, and one with six parts. */
const longKey = 'm'.repeat(128);
const longName = `live/${longKey}`;
const deepName = `a-rather-long-app/${Array.from({ length: 5 }, (_, i) => `part-number-${i}-of-this-name`).join('/')}`;
const longProgram = `Mozilla/5.0 (${'x'.repeat(120)}) ${'AppleWebKit/537.36 '.repeat(6)}`;

/** A viewer with a long name for itself, who stays until the page is closed. */
function viewer(gateway: Gateway, name: string): void {
  const headers = { 'user-agent': longProgram };
  get(gateway.url(`/${name}.flv`), { headers, agent: false }, (response) => response.resume()).on(
    'error',
    () => {},
  );
}

/** Nothing of the page is to the right of what one sees. */
async function expectNoSideways(page: Page, what: string): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(() => {
          const { scrollWidth, clientWidth } = document.documentElement;
          return scrollWidth - clientWidth;
        }),
      { message: `${what} is wider than the screen by` },
    )
    .toBe(0);
}

for (const size of sizes) {
  test(`no page scrolls sideways at ${size.width}x${size.height}, and what is done to a session is on the screen`, async ({
    gateway,
    page,
    publish,
  }) => {
    test.slow();
    await page.setViewportSize(size);
    const looksAt = async (path: string, shown: string | RegExp) => {
      await page.goto(gateway.url(path));
      await expect(page.getByText(shown).first()).toBeVisible();
      await expectNoSideways(page, path);
    };

    await looksAt('/', 'Nothing is live');
    await looksAt('/admin', 'Admin token');
    await page.goto(gateway.adminUrl);
    await expect(page.getByText('Nobody is live')).toBeVisible();
    await expectNoSideways(page, '/admin, empty');
    await looksAt('/', 'To publish');

    publish('live/main');
    publish(longName, { width: 320, height: 180 });
    const silent = await RtmpPublisherClient.open({
      ...{ host: '127.0.0.1', port: gateway.rtmpPort, app: deepName.slice(0, deepName.lastIndexOf('/')) },
      key: deepName.slice(deepName.lastIndexOf('/') + 1),
    });
    await page.goto(gateway.url('/admin'));
    const rows = page.locator('.stream-row');
    await expect(rows).toHaveCount(3);
    await expect(page.locator('[data-stream="live/main"]')).toContainText('640×360');
    viewer(gateway, 'live/main');
    viewer(gateway, longName);
    await expectNoSideways(page, '/admin');
    await page
      .locator('[data-stream="live/main"]')
      .getByRole('button', { name: /preview/i })
      .click();
    await page.locator(`[data-stream="${longName}"]`).getByRole('button', { name: 'End' }).click();
    await expectNoSideways(page, '/admin with a preview and a question');

    await looksAt('/', 'live/main');
    await looksAt('/admin/streams/live/main', 'Addresses');
    await looksAt(`/admin/streams/${longName}`, 'Addresses');
    await looksAt(`/admin/streams/${deepName}`, 'Addresses');
    await looksAt('/admin/streams/live/none', 'is not live');
    await looksAt('/admin/elsewhere', 'There is no such page');
    await looksAt('/watch/live/main', /^LIVE/);
    for (const key of ['l', '?', 'i']) {
      await page.keyboard.press(key);
      await expectNoSideways(page, `/watch with ${key}`);
      await page.keyboard.press('Escape');
    }
    await looksAt(`/watch/${deepName}`, deepName);
    await looksAt(`/embed/${longName}`, /^LIVE/);
    await looksAt(`/watch/live/${longKey.replace('m', 'n')}`, 'Not live yet');

    await looksAt('/admin/sessions', 'viewer');
    const kicks = page.getByRole('button', { name: 'Kick' });
    await expect(kicks).toHaveCount(5);
    for (const kick of await kicks.all()) await expectOnScreen(page, kick);
    await kicks.last().click();
    await expectNoSideways(page, '/admin/sessions with a question');
    await expectOnScreen(page, page.getByRole('button', { name: 'Disconnect' }));
    await silent.stop();
  });
}

async function expectOnScreen(page: Page, element: ReturnType<Page['locator']>): Promise<void> {
  const box = await element.boundingBox();
  const width = page.viewportSize()?.width ?? 0;
  expect(box && box.x >= 0 && box.x + box.width <= width, JSON.stringify(box)).toBe(true);
}
