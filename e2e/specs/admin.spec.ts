import { AxeBuilder } from '@axe-core/playwright';
import { relayCapabilities } from '../../server/rtmp/enhanced-capabilities.ts';
import { RtmpPublisherClient } from '../../server/transport/client/rtmp-publisher-client.ts';
import { expect, test } from '../fixtures/test.ts';

test('the operator logs in with the printed link, and the token leaves the address bar', async ({
  gateway,
  page,
}) => {
  await page.goto(gateway.adminUrl);
  await expect(page).toHaveURL(gateway.url('/admin'));
  await expect(page.getByText(`rtmp://localhost:${gateway.rtmpPort}/live`).first()).toBeVisible();
});

test('nobody gets in without the token', async ({ gateway, page }) => {
  await page.goto(gateway.url('/admin'));
  await page.getByLabel(/token/i).fill('wrong');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/that is not the token/i)).toBeVisible();
});

test('a stream comes into the list, shows its figures, and goes when it is kicked', async ({
  gateway,
  page,
  publish,
}) => {
  await page.goto(gateway.adminUrl);
  const encoder = publish('live/main');
  const row = page.locator('[data-stream="live/main"]');
  await expect(row).toContainText(/on air/i);
  await expect(row).toContainText('640×360');
  await expect(row).toContainText(/H\.264/);
  await expect(row).toContainText(/(29|30)(\.\d+)? ?fps/);
  await row.getByRole('button', { name: 'End' }).click();
  await expect(row).toContainText('End live/main for 0 viewers');
  await row.getByRole('button', { name: 'End it' }).click();
  await encoder.exited();
  expect(encoder.log).toContain('The operator ended live/main');
  await expect(row).toHaveCount(0);
});

test('an encoder that understands it is asked to connect again, and goes on until it does', async ({
  gateway,
  page,
}) => {
  const asked: string[] = [];
  const encoder = await RtmpPublisherClient.open({
    ...{ host: '127.0.0.1', port: gateway.rtmpPort, app: 'live', key: 'main' },
    session: { capabilities: relayCapabilities },
    onEvent: (event) => asked.push(event.type),
  });
  await page.goto(gateway.adminUrl);
  await page.getByRole('link', { name: 'Sessions' }).click();
  const row = page.locator('tr[data-role="publisher"]');
  await row.getByRole('button', { name: 'Reconnect' }).click();
  await expect(row).toContainText('Ask the encoder at 127.0.0.1 to connect again?');
  await row.getByRole('button', { name: 'Ask it' }).click();
  await expect.poll(() => asked).toContain('reconnect-requested');
  expect(encoder.open).toBe(true);
  await encoder.stop();
});

test('a preview plays in the row on demand', async ({ gateway, page, publish }) => {
  await page.goto(gateway.adminUrl);
  publish('live/main');
  const row = page.locator('[data-stream="live/main"]');
  await row.getByRole('button', { name: /preview/i }).click();
  await expect
    .poll(() => row.locator('video').evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(0.5);
});

test('the pages are accessible', async ({ gateway, page, publish }) => {
  publish('live/main');
  await page.goto(gateway.adminUrl);
  for (const path of ['/', '/watch/live/main', '/watch/live/none', '/admin']) {
    await page.goto(gateway.url(path));
    await page.waitForLoadState('networkidle');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html}`)).toEqual([]);
  }
});
