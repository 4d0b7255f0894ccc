// Clickjacking: a page of another site shows ours in a frame. The control is the same page with the two headers taken away
// on its way: there the frame shows the form.
import { once } from 'node:events';
import { createServer } from 'node:http';

import { expect, test } from '../../support/test.js';

/** Opens a hostile page with a frame of ours; gives what the frame shows. `strip` takes our defence away. */
async function framed(browser, baseURL, path, strip) {
  const address = `${baseURL}${path}`;
  const hostile = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/html' });
    answer.end(`<!doctype html><title>You have won</title><iframe src="${address}" title="Press here"></iframe>`);
  });
  await once(hostile.listen(0, '127.0.0.1'), 'listening');
  // A browser of its own: its complaint is wanted.
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    if (strip) {
      await page.route(address, async (route) => {
        const response = await route.fetch();
        const { 'content-security-policy': _policy, 'x-frame-options': _frames, ...headers } = response.headers();
        await route.fulfill({ response, headers });
      });
    }
    await page.goto(`http://127.0.0.1:${hostile.address().port}/`);
    return await page.frameLocator('iframe').locator('form').count();
  } finally {
    await context.close();
    hostile.closeAllConnections();
    hostile.close();
  }
}

for (const path of ['/sign-in', '/sign-up', '/forgot-password']) {
  test(`another site cannot show ${path} in a frame`, async ({ browser, baseURL }) => {
    expect(await framed(browser, baseURL, path, false)).toBe(0);
  });

  test(`without the headers it could show ${path}`, async ({ browser, baseURL }) => {
    expect(await framed(browser, baseURL, path, true)).toBeGreaterThan(0);
  });
}
