// Nobody honest is ever signed out: not by many refreshes at once, not by a token that ends in the
// middle of a call, not by a restart of the server.
import { arrive, comeBack, hydrated, visit } from '../../support/arrive.js';
import { Inbox } from '../../support/inbox.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { FrontPage } from '../../support/pages/front.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { createAccount, newcomer } from '../../support/people.js';
import { expect, test } from '../../support/test.js';

test('twenty refreshes at once all succeed and end with one cookie', async ({ page, context, bobSignedIn: bob }) => {
  const statuses = await page.evaluate(() => {
    const refresh = async () => (await fetch('/api/v1/refresh', { method: 'POST' })).status;
    return Promise.all(Array.from({ length: 20 }, refresh));
  });
  expect(statuses).toEqual(Array(20).fill(200));
  const cookies = (await context.cookies()).filter(({ name }) => name === '__Host-refresh');
  expect(cookies).toHaveLength(1);

  expect(await page.evaluate(async () => (await fetch('/api/v1/refresh', { method: 'POST' })).status)).toBe(200);
  await page.reload();
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a lost answer to a refresh does not sign out', async ({ page, bobSignedIn: bob, complaints }) => {
  complaints.expectLostAnswer('/api/v1/refresh');
  // The server rotates, the browser never hears of it: as on a train.
  await page.route('**/api/v1/refresh', async (route) => {
    await route.fetch();
    await route.abort();
  });
  const failed = await page.evaluate(() => fetch('/api/v1/refresh', { method: 'POST' }).catch(() => 'lost'));
  expect(failed).toBe('lost');
  await page.unroute('**/api/v1/refresh');
  expect(await page.evaluate(async () => (await fetch('/api/v1/refresh', { method: 'POST' })).status)).toBe(200);
  await page.reload();
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a page that comes back into view asks with the access token', async ({ page, bobSignedIn: bob }) => {
  const called = page.waitForRequest('**/rpc/me');
  await comeBack(page);
  expect((await called).headers().authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a page that comes back into view after its session ended elsewhere leads to the sign-in page', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(401, '/api/v1/refresh');
  await page.evaluate(() => fetch('/api/v1/sign-out', { method: 'POST' }));
  await comeBack(page);
  await arrive(page, '/sign-in');
  expect(new URL(page.url()).searchParams.get('next')).toBe('/dashboard');
});

test('an access token that ends in the middle of a call is renewed unseen', async ({ page, bobSignedIn: bob, complaints }) => {
  complaints.expectRefusal(401, '/rpc/me');
  const calls = [];
  const refreshes = [];
  await page.route('**/rpc/me', async (route) => {
    calls.push(route.request().headers().authorization);
    if (calls.length > 1) return route.continue();
    return route.fulfill({
      status: 401,
      headers: { 'content-type': 'application/json', serverfnerror: '/rpc/me' },
      body: JSON.stringify({ code: 'invalid_token' }),
    });
  });
  page.on('request', (request) => request.url().endsWith('/api/v1/refresh') && refreshes.push(request));
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/rpc/me') && answer.status() === 200);
  await comeBack(page);

  expect((await (await answered).json()).email).toBe(bob.email);
  await expect(page).toHaveURL('/dashboard');
  expect(calls, 'calls of /rpc/me').toHaveLength(2);
  expect(calls[1], 'the token of the repeated call').not.toBe(calls[0]);
  // One for the first token of this page, one for the ended one.
  expect(refreshes, 'refreshes').toHaveLength(2);
});

test('signed out, the link to the dashboard leads to the sign-in page and back', async ({ page, bob }) => {
  const front = new FrontPage(page);
  await front.open();
  await front.dashboardLink.click();
  await arrive(page, '/sign-in');
  await new SignInPage(page).signIn(bob);
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a restart of the server signs nobody out', async ({ anotherBrowser, anotherServer: server }) => {
  const person = await createAccount(server, new Inbox(server.url), newcomer('Claire Petit'));
  const page = await anotherBrowser({ baseURL: server.url });
  const dashboard = new DashboardPage(page);
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn(person);

  // The browser holds its connections open; they must not keep the server from ending well.
  expect(await server.stop(), 'exit code after SIGTERM').toBe(0);
  await server.run();
  await page.reload();
  await hydrated(page);
  await expect(dashboard.greeting(person)).toBeVisible();

  await visit(page, '/');
  await new FrontPage(page).openDashboard();
  await expect(dashboard.greeting(person)).toBeVisible();
});
