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

test('what to paste into an encoder is for the operator, with the port that is really listened on', async ({
  gateway,
  page,
}) => {
  await page.goto(gateway.url('/'));
  await expect(page.getByText('Nothing is live')).toBeVisible();
  await expect(page.getByLabel('Server')).toHaveCount(0);
  await expect(page.locator('body')).not.toContainText(/rtmp/i);
  await page.goto(gateway.adminUrl);
  const server = `rtmp://localhost:${gateway.rtmpPort}/live`;
  await expect(page.getByLabel('Server', { exact: true })).toHaveValue(server);
  await page.goto(gateway.url('/'));
  await expect(page.getByLabel('Server', { exact: true })).toHaveValue(server);
});

test('nobody gets in without the token', async ({ gateway, page }) => {
  await page.goto(gateway.url('/admin'));
  await expect(page.getByLabel(/token/i)).toBeFocused();
  await page.keyboard.type('wrong');
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

test('a preview is no viewer, and is named in the list of sessions', async ({
  gateway,
  page,
  publish,
  context,
}) => {
  await page.goto(gateway.adminUrl);
  publish('live/main');
  const row = page.locator('[data-stream="live/main"]');
  await row.getByRole('button', { name: /preview/i }).click();
  await expect(row.locator('.preview')).toHaveAttribute('data-state', 'live');
  const list = await context.newPage();
  await list.goto(gateway.url('/'));
  await expect(list.locator('.stream-card')).toContainText('0 viewers');
  await list.goto(gateway.url('/admin/sessions'));
  await expect(list.locator('tr[data-role="preview"]')).toContainText('Preview (operator)');
  await list.getByRole('button', { name: 'Viewers' }).click();
  await expect(list.getByText('Nobody is connected.')).toBeVisible();
});

test('a question that is taken back leaves the focus where it was asked', async ({
  gateway,
  page,
  publish,
}) => {
  await page.goto(gateway.adminUrl);
  publish('live/main');
  const end = page.locator('[data-stream="live/main"]').getByRole('button', { name: 'End' });
  for (const takeBack of ['Escape', 'Enter']) {
    await end.focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: 'Keep' })).toBeFocused();
    await page.keyboard.press(takeBack);
    await expect(end).toBeFocused();
  }
});

test('an encoder that came on air is not said to be connecting any more', async ({
  gateway,
  page,
  publish,
}) => {
  await page.goto(gateway.adminUrl);
  await expect(page.getByText('Waiting for an encoder.')).toBeVisible();
  publish('live/main');
  await expect(page.locator('.notices')).toContainText('live/main is on air');
  await expect(page.getByText('has not published yet')).toHaveCount(0);
});

test('a server that stops leaves what was on air on the page, and the watch page does not call it off air', async ({
  gateway,
  page,
  publish,
  context,
}) => {
  await page.goto(gateway.adminUrl);
  publish('live/main');
  const row = page.locator('[data-stream="live/main"]');
  await expect(row).toContainText('640×360');
  const watch = await context.newPage();
  await watch.goto(gateway.url('/watch/live/main'));
  await expect(watch.locator('.player')).toHaveAttribute('data-state', 'live');
  const said = watch.evaluate(() => {
    const titles = new Set<string>();
    new MutationObserver(() => {
      const title = document.querySelector('.player-message h2')?.textContent;
      if (title) titles.add(title);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
    return new Promise<string[]>((resolve) => {
      (window as unknown as { told(): void }).told = () => resolve([...titles]);
    });
  });
  await gateway.stop();
  await expect(page.getByText('No connection to the server.')).toBeVisible();
  await expect(row).toContainText('640×360');
  await expect(page.getByText('Nobody is live')).toHaveCount(0);
  await expect(watch.getByText('The server is restarting')).toBeVisible();
  await watch.evaluate(() => (window as unknown as { told(): void }).told());
  expect(await said).not.toContain('Off air');
  expect(await said).not.toContain('The stream has ended');
  expect(await said).not.toContain('Not let in yet');
});

test('the pages are accessible', async ({ gateway, page, publish }) => {
  test.slow();
  const look = async (path: string, when: string) => {
    await page.goto(gateway.url(path));
    await page.waitForLoadState('networkidle');
    for (const colorScheme of ['dark', 'light'] as const) {
      // Colours of a scheme fade in, and are judged when they are there.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page }).analyze();
      const found = violations.map(
        ({ id, nodes }) => `${path} ${when}, ${colorScheme}, ${id}: ${nodes[0]?.html}`,
      );
      expect(found).toEqual([]);
    }
  };
  for (const path of ['/', '/admin']) await look(path, 'as a stranger');
  await page.goto(gateway.adminUrl);
  for (const path of ['/', '/admin', '/admin/sessions', '/admin/elsewhere'])
    await look(path, 'with nobody live');
  publish('live/main');
  await page.goto(gateway.url('/admin'));
  await expect(page.locator('[data-stream="live/main"]')).toContainText('640×360');
  for (const path of [
    ...['/', '/watch/live/main', '/watch/live/none'],
    ...['/admin', '/admin/sessions', '/admin/streams/live/main', '/admin/streams/live/none'],
  ]) {
    await look(path, 'with a stream');
  }
});

test('the way in names the login and the port for TLS where there are any', async ({ page, serve }) => {
  const login = ['--rtmp-publish-user', 'studio', '--rtmp-publish-password', 'very-secret-words'];
  const gateway = await serve(...login, '--rtmps-port', '0');
  await page.goto(gateway.adminUrl);
  await expect(page.getByText('tick Use authentication')).toBeVisible();
  await expect(page.getByText(`rtmp://USER:PASSWORD@localhost:${gateway.rtmpPort}/live/main`)).toBeVisible();
  await expect(page.getByLabel('Server, over TLS', { exact: true })).toHaveValue(
    /^rtmps:\/\/localhost:\d+\/live$/,
  );
  await expect(page.locator('body')).not.toContainText('very-secret-words');
});
