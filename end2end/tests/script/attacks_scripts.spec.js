// DOM XSS: what stands in an address reaches no page as markup, and markup that got into a page runs nothing. The control
// is the same page with its policy taken away on the way: there it runs.
import { visit } from '../../support/arrive.js';
import { expect, test } from '../../support/test.js';

const markup = '<img src="data:," onerror="window.pwned = 1" alt="">';

/** Puts markup into a page as a careless script would; whether it ran. */
async function injected(browser, baseURL, strip) {
  // A browser of its own: the violation is wanted.
  const context = await browser.newContext({ baseURL });
  try {
    const page = await context.newPage();
    if (strip) {
      await page.route('**/sign-in', async (route) => {
        const response = await route.fetch();
        const { 'content-security-policy': _policy, ...headers } = response.headers();
        await route.fulfill({ response, headers });
      });
    }
    await visit(page, '/sign-in');
    await page.evaluate((html) => {
      const template = document.createElement('div');
      document.body.append(template);
      // Where the browser demands trusted types, this alone is refused.
      try {
        template.innerHTML = html;
      } catch {
        window.refused = true;
      }
    }, markup);
    // Long enough for the picture to fail.
    await page.waitForTimeout(500);
    return await page.evaluate(() => window.pwned === 1);
  } finally {
    await context.close();
  }
}

test('markup in a page runs nothing', async ({ browser, baseURL }) => {
  expect(await injected(browser, baseURL, false)).toBe(false);
});

test('without the policy it would run', async ({ browser, baseURL }) => {
  expect(await injected(browser, baseURL, true)).toBe(true);
});

for (const where of ['#', '?next=', '?note=', '?email=']) {
  for (const path of ['/sign-in', '/sign-up', '/token-decoder']) {
    test(`nothing runs of ${path}${where}…`, async ({ page }) => {
      await visit(page, `${path}${where}${encodeURIComponent(markup)}`);
      expect(await page.locator('img[onerror]').count()).toBe(0);
      expect(await page.evaluate(() => window.pwned)).toBeUndefined();
    });
  }
}
