import { expect, test } from '../fixtures/test.ts';

test('a link that leads to no stream says so, asks nobody else, and does not try again', async ({
  gateway,
  page,
}) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(socket.url()));
  for (const [path, title] of [
    ['/watch', 'This link is incomplete'],
    ['/watch/live', 'This link is incomplete'],
    ['/embed/live', 'This link is incomplete'],
    ['/watch/live/Z%C3', 'This link is incomplete'],
    ['/watch/admin/x', 'This link leads to no stream'],
    ['/watch//evil.example/x', 'This link leads to no stream'],
    ['/nope', 'There is no such page'],
  ] as const) {
    await page.goto(gateway.url(path));
    await expect(page.getByRole('heading', { level: 1 }), path).toHaveText(title);
    await expect(page.locator('body')).not.toContainText(/OBS|encoder/);
    await page.waitForLoadState('networkidle');
  }
  expect(asked.filter((url) => new URL(url).host !== `localhost:${gateway.httpPort}`)).toEqual([]);
  expect(asked.filter((url) => /\.flv|\/api\//.test(url))).toEqual([]);
  await page.getByRole('link', { name: 'what is live' }).click();
  await expect(page).toHaveURL(gateway.url('/'));
});

test('whoever types the name of a stream gets its watch page', async ({ gateway, page, publish }) => {
  publish('live/main');
  await page.goto(gateway.url('/live/main'));
  await expect(page).toHaveURL(gateway.url('/watch/live/main'));
  await expect(page.locator('.player')).toHaveAttribute('data-state', 'live');
});
