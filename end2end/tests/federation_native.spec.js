// A native app signs somebody in: the browser goes to the provider and comes back, a page of ours asks, and only then the
// app is called. It runs with JavaScript and without.
import { arrive } from '../support/arrive.js';
import { expect, test as base } from '../support/federation.js';
import { NativeApp } from '../support/native_app.js';
import { NativeAppPage } from '../support/pages/native_app.js';
import { ProviderPage } from '../support/pages/provider.js';

const test = base.extend({
  app: async ({}, use) => {
    const app = await NativeApp.start();
    await use(app);
    await app.stop();
  },
});

/** Comes back from the provider for the app. */
async function arriveFor(app, { page, server, acme, carol }) {
  await page.goto(await app.begin(server, acme));
  await new ProviderPage(page, acme).signIn(carol);
  const asked = new NativeAppPage(page);
  await asked.shown(acme);
  return asked;
}

test('the app gets its code when the person agrees, and no sooner', async ({ page, server, acme, carol, app, complaints }) => {
  const asked = await arriveFor(app, { page, server, acme, carol });
  const address = page.url();
  await expect(asked.heading).toBeVisible();
  await expect(asked.facts).toContainText(app.host);
  await expect(asked.facts).toContainText(carol.email);
  expect(app.calls).toEqual([]);

  await asked.continue.click();
  await expect(page.getByRole('heading', { name: 'Back in the app' })).toBeVisible();
  expect(app.calls).toHaveLength(1);
  const [call] = app.calls;
  expect(call).toEqual({ code: expect.stringMatching(/^[\w-]{43}$/), state: app.state, iss: server.url });
  const { status, value } = await app.redeem(server, call);
  expect(status).toBe(200);
  expect(value.access_token).toMatch(/^ey/);

  complaints.expectRefusal(410, new URL(address).pathname);
  await page.goto(address);
  await expect(asked.over).toBeVisible();
});

test('the app hears that the person cancelled', async ({ page, server, acme, carol, app }) => {
  const asked = await arriveFor(app, { page, server, acme, carol });
  await asked.cancel.click();
  await expect(page.getByRole('heading', { name: 'Back in the app' })).toBeVisible();
  expect(app.calls).toEqual([{ error: 'access_denied', state: app.state, iss: server.url }]);
});

test('a link of somebody else does not answer, and another browser is not asked', async ({
  page,
  server,
  browser,
  acme,
  carol,
  app,
}) => {
  const asked = await arriveFor(app, { page, server, acme, carol });
  const address = page.url();
  const path = await asked.continue.getAttribute('href');
  // As if it were typed, or sent in a message.
  await page.goto(`${server.url}${path}`);
  await arrive(page, new URL(address).pathname);
  await expect(asked.heading).toBeVisible();

  const other = await browser.newContext({ javaScriptEnabled: false });
  const there = await other.newPage();
  const answer = await there.goto(address);
  expect(answer.status()).toBe(410);
  await other.close();
  expect(app.calls).toEqual([]);
});
