import { OtherSite } from '../fixtures/other-site.ts';
import { expect, test } from '../fixtures/test.ts';

const isolated = {
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
};

for (const [what, attributes, headers] of [
  ['a site', 'allow="autoplay"', {}],
  ['a frame without scripts of its own origin', 'allow="autoplay" sandbox="allow-scripts"', {}],
  ['a site that is isolated from others', 'allow="autoplay"', isolated],
  ['an isolated site, in a sandbox', 'allow="autoplay" sandbox="allow-scripts"', isolated],
] as const) {
  for (const transport of ['ws', 'http'] as const) {
    test(`the player plays in ${what}, over ${transport}`, async ({ gateway, page, publish }) => {
      publish('live/main');
      const frame = `<iframe ${attributes} src="${gateway.url(`/embed/live/main?transport=${transport}`)}"></iframe>`;
      const site = await OtherSite.start(frame, headers);
      const blocked: string[] = [];
      page.on('console', (message) => {
        if (/polic|CORS|blocked/i.test(message.text())) blocked.push(message.text());
      });
      await page.goto(site.url);
      const video = page.frameLocator('iframe').locator('video');
      await expect
        .poll(() => video.evaluate((element: HTMLVideoElement) => element.currentTime))
        .toBeGreaterThan(0.5);
      expect(blocked).toEqual([]);
      site.stop();
    });
  }
}
