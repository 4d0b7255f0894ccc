// DOM XSS: what stands in an address reaches no page as markup, and markup that got into a page runs nothing. The control
// is the same page with its policy taken away on the way, and a page that is careless with its address: there it runs.
import { once } from 'node:events';
import { createServer } from 'node:http';

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

/** What the same markup is in an address: it ends the value of an attribute first. */
const inAddress = `">${markup}`;

/** How many pieces of such markup a page holds, and whether one ran. */
async function found(page) {
  // Long enough for the picture to fail.
  await page.waitForTimeout(500);
  return { pieces: await page.locator('img[onerror]').count(), ran: await page.evaluate(() => window.pwned === 1) };
}

/** A little server whose page takes what its address says for markup: the query itself, what follows a # by a script. */
async function careless(act) {
  const server = createServer((request, answer) => {
    const said = [...new URL(request.url, 'http://localhost').searchParams.values()].join('');
    const script = "document.querySelector('p').innerHTML = decodeURIComponent(location.hash.slice(1))";
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    answer.end(`<!doctype html><title>Careless</title><input value="${said}"><p></p><script>${script}</script>`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    await act(`http://127.0.0.1:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

for (const where of ['#', '?next=', '?note=', '?email=']) {
  for (const path of ['/sign-in', '/sign-up', '/token-decoder']) {
    test(`nothing runs of ${path}${where}…`, async ({ page }) => {
      await visit(page, `${path}${where}${encodeURIComponent(inAddress)}`);
      expect(await found(page)).toEqual({ pieces: 0, ran: false });
    });
  }

  test(`of a page that is careless with ${where}… it runs`, async ({ browser }) => {
    await careless(async (address) => {
      // A browser of its own, as above.
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(`${address}/${where}${encodeURIComponent(inAddress)}`);
        expect(await found(page)).toEqual({ pieces: 1, ran: true });
      } finally {
        await context.close();
      }
    });
  });
}
