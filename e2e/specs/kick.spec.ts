import { Encoder } from '../fixtures/encoder.ts';
import { expect, test } from '../fixtures/test.ts';

test('a kicked viewer reads when to come back, and neither a reload nor a private window helps; the neighbour goes on', async ({
  gateway,
  publish,
  watch,
  browser,
  page,
}) => {
  publish('live/main');
  const me = await watch('/watch/live/main');
  await expect(page.locator('.player')).toHaveAttribute('data-state', 'live');
  const neighbour = await (await browser.newContext()).newPage();
  await neighbour.goto(gateway.url('/watch/live/main'));
  await expect(neighbour.locator('.player')).toHaveAttribute('data-state', 'live');

  const operator = await (await browser.newContext()).newPage();
  await operator.goto(gateway.adminUrl);
  await operator.getByRole('link', { name: 'Sessions' }).click();
  const viewers = operator.locator('tr[data-role="viewer"]');
  await expect(viewers).toHaveCount(2);
  await viewers.first().getByRole('button', { name: 'Kick' }).click();
  await expect(viewers.first()).toContainText(
    'Disconnect the viewer at 127.0.0.1 and keep it out for 5 min?',
  );
  await viewers.first().getByRole('button', { name: 'Disconnect' }).click();
  await expect(viewers).toHaveCount(1);

  const kicked = await Promise.any(
    [me.page, neighbour].map(async (one) => {
      await one.getByText('Ended by the operator').waitFor();
      return one;
    }),
  );
  const other = kicked === neighbour ? me.page : neighbour;
  await expect(kicked.getByText(/The operator ended this for you\. You can come back at \d/)).toBeVisible();
  await expect(kicked.getByRole('button', { name: 'Try again' })).toHaveCount(0);
  await kicked.reload();
  await expect(kicked.getByText(/You can come back at \d/)).toBeVisible();
  await other.reload();
  await expect(other.locator('.player')).toHaveAttribute('data-state', 'live');
  const privateWindow = await (await browser.newContext()).newPage();
  await privateWindow.goto(gateway.url('/watch/live/main'));
  await expect(
    privateWindow.getByText(/for you, or for somebody at your address\. You can come back at/),
  ).toBeVisible();
  for (const open of [neighbour, operator, privateWindow]) await open.context().close();
});

test('when the pause is over a kicked viewer comes back with one click', async ({ page, serve }) => {
  const gateway = await serve('--viewer-kick-pause', '3');
  // Ends with its server.
  new Encoder(gateway.rtmpUrl('live/main'));
  await page.goto(gateway.adminUrl);
  await page.goto(gateway.url('/watch/live/main'));
  await expect(page.locator('.player')).toHaveAttribute('data-state', 'live');
  const { items } = (await page.evaluate(async () =>
    (await fetch('/api/v1/sessions?role=viewer')).json(),
  )) as { items: { id: string }[] };
  await page.evaluate((id) => fetch(`/api/v1/sessions/${id}`, { method: 'DELETE' }), items[0]?.id);
  await expect(page.getByText('Ended by the operator')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('.player')).toHaveAttribute('data-state', 'live');
  await page.close();
});

test('who waits for the wrong name is shown the way to what is live', async ({ gateway, page }) => {
  await page.goto(gateway.url('/watch/live/none'));
  await page.getByRole('link', { name: 'what is live now' }).click();
  await expect(page).toHaveURL(gateway.url('/'));
  await page.goto(gateway.url('/embed/live/none'));
  await expect(page.getByText('Not live yet')).toBeVisible();
  await expect(page.getByRole('link')).toHaveCount(0);
});
