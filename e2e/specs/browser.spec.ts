import { expect, test } from '../fixtures/test.ts';

test('this browser can play what the other tests publish', async ({ page }) => {
  const type = 'video/mp4; codecs="avc1.42E01E,mp4a.40.2"';
  const supported = await page.evaluate((mime) => MediaSource.isTypeSupported(mime), type);
  expect(
    supported,
    `the browser must play ${type}: install one with H.264 and AAC, or set CHROMIUM_PATH`,
  ).toBe(true);
});
