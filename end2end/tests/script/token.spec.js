// The access token is in the memory of the page and nowhere else; the refresh token is in a cookie
// that no script can read.
import { comeBack } from '../../support/arrive.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { expect, test } from '../../support/test.js';

test('the access token is in no cookie, no storage, no address and no HTML', async ({ page, context, bobSignedIn: bob }) => {
  const granted = page.waitForResponse('**/api/v1/refresh');
  await comeBack(page);
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
  const { access_token: token, token_type: type, expires_in: seconds } = await (await granted).json();
  expect(token.split('.'), 'a JWT').toHaveLength(3);
  expect([type, seconds]).toEqual(['Bearer', 300]);

  // The signature alone is unmistakable: neither the token nor its end may be anywhere.
  const [, , signature] = token.split('.');
  const kept = await page.evaluate(async () => ({
    cookie: document.cookie,
    local: JSON.stringify({ ...localStorage }),
    session: JSON.stringify({ ...sessionStorage }),
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    history: JSON.stringify(history.state),
    window: window.name,
  }));
  expect(JSON.stringify(kept)).not.toContain(signature);
  expect(kept).toMatchObject({ cookie: '', local: '{}', session: '{}', databases: [], caches: [] });
  expect(JSON.stringify(await context.cookies())).not.toContain(signature);
  expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(signature);
  expect(await page.content()).not.toContain(signature);
  expect(page.url()).not.toContain(signature);

  const answer = await page.reload();
  expect(await answer.text(), 'the page as the server renders it').not.toContain('eyJ');
});

test('the refresh cookie is for this host, over HTTPS, and out of reach of scripts', async ({ page, context, bobSignedIn: _bob }) => {
  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-refresh');
  expect(cookie).toMatchObject({ domain: 'localhost', path: '/', httpOnly: true, secure: true, sameSite: 'Lax' });
  // 256 bits, and not a JWT.
  expect(Buffer.from(cookie.value, 'base64url')).toHaveLength(32);
  expect(await page.evaluate(() => document.cookie)).toBe('');
  expect(await page.content()).not.toContain(cookie.value);
});

test('every cookie has the same care', async ({ page, context, bobSignedIn: _bob }) => {
  await page.getByRole('button', { name: 'Français' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  for (const cookie of await context.cookies()) {
    expect(cookie.name).toMatch(/^__Host-/);
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Lax', path: '/' });
  }
});
