// A provider brings the address of an account: nothing is linked silently. The page says why, one proof is asked for, and
// then one button connects. It runs with JavaScript and without.
import { arrive, query, visit } from '../support/arrive.js';
import { wayTo } from '../support/by_hand.js';
import { expect, goTo, signInWith, test } from '../support/federation.js';
import { ConnectAccountPage, ConnectionsPage } from '../support/pages/connections.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { ProviderPage } from '../support/pages/provider.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { createAccount, newcomer } from '../support/people.js';
import { signIn } from '../support/sessions.js';

/** Comes from Acme with the address of an account, and is not let in. */
async function comeFrom(page, provider, there) {
  await visit(page, '/sign-in');
  await (await goTo(page, provider)).signIn(there);
  const connect = new ConnectAccountPage(page);
  await connect.shown();
  return connect;
}

test('the page explains, the password proves, one button connects, and then the provider signs in', async ({ page, acme, bob, bobThere, inbox }) => {
  const connect = await comeFrom(page, acme, bobThere);

  await test.step('why, and how', async () => {
    await expect(connect.heading).toBeVisible();
    await expect(page.getByRole('main')).toContainText('connect Acme');
    await expect(page.getByRole('main')).toContainText(bob.email);
    await expect(connect.ways).toHaveCount(1);
    await expect(connect.connect).toHaveCount(0);
  });

  await test.step('nobody is signed in, and nothing is linked', async () => {
    await visit(page, '/dashboard');
    await arrive(page, '/sign-in');
    await connect.open();
  });

  await connect.byPassword.click();
  await arrive(page, '/sign-in');
  expect(query(page, 'next')).toBe('/connect-account');
  const form = new SignInPage(page);
  await expect(form.email, 'the address is typed once').toHaveValue(bob.email);
  await form.signIn(bob, '/connect-account');
  await expect(connect.connect).toHaveAccessibleName('Connect Acme');
  await connect.connect.click();
  await arrive(page, '/account/connections');

  const connections = new ConnectionsPage(page);
  await expect(connections.connection(bobThere)).toContainText('Acme');
  await inbox.mailTo(bob.email, 'connection_added');

  const dashboard = new DashboardPage(page);
  await dashboard.open();
  await dashboard.signOut();
  await signInWith(page, acme, bobThere);
  await expect(dashboard.greeting(bob)).toBeVisible();
});

test('“Not now” forgets it, and whoever comes again is asked again', async ({ page, acme, bobThere, complaints }) => {
  const connect = await comeFrom(page, acme, bobThere);
  await connect.notNow.click();
  await arrive(page, '/sign-in');
  complaints.expectRefusal(410, '/connect-account');
  expect((await connect.open()).status()).toBe(410);
  await expect(connect.connect).toHaveCount(0);
  await comeFrom(page, acme, bobThere);
});

test('whoever is signed in as somebody else is told so, and connects nothing', async ({ page, server, inbox, acme, bobThere }) => {
  const mallory = await createAccount(server, inbox, newcomer('Mallory Stone'));
  const connect = await comeFrom(page, acme, bobThere);
  await signIn(page, mallory);
  await connect.open();
  await expect(page.getByRole('main')).toContainText(mallory.email);
  await expect(connect.connect).toHaveCount(0);

  const form = await page.request.post('/rpc/connect_pending', {
    form: {},
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: server.url },
    maxRedirects: 0,
  });
  expect(form.headers().location ?? '').not.toContain('note=connected');
  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.list).toHaveCount(0);
});

test('a sign-in from before is no proof: it is asked for once more', async ({ page, acme, bob, bobThere }) => {
  await signIn(page, bob);
  // Another tab of the same browser, in which nobody wanted to be signed in.
  await page.goto('/sign-in/with/acme');
  await new ProviderPage(page, acme).signIn(bobThere);
  await arrive(page, '/connect-account');
  await expect(page.locator('form[action="/rpc/connect_pending"]')).toHaveCount(0);
  await expect(page.locator('a[href^="/account/confirm"]')).toBeVisible();
});

test('another site can neither begin a connection nor finish one', async ({ page, server, acme, bob, bobThere, context }) => {
  await signIn(page, bob);

  await test.step('its link begins nothing', async () => {
    for (const asked of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { referer: 'https://evil.example/' },
      {},
    ]) {
      const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate', ...asked };
      const answer = await page.request.get('/account/connections/acme/connect', { headers, maxRedirects: 0 });
      expect(answer.status()).toBe(303);
      expect(new URL(answer.headers().location, server.url).pathname).toBe('/account/connections');
    }
  });

  await test.step('its form connects nothing', async () => {
    const answer = await page.request.post('/rpc/connect_pending', {
      form: {},
      headers: { accept: 'text/html', 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      maxRedirects: 0,
    });
    expect(answer.status()).toBe(403);
  });

  await test.step('an answer that was begun in the attacker’s browser is refused in the victim’s', async () => {
    const { answer } = await wayTo(server, acme, bobThere);
    await page.goto(answer);
    await arrive(page, '/sign-in/with/acme/refused');
    expect(query(page, 'code')).toBe('federation_expired');
  });

  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.list).toHaveCount(0);
  expect((await context.cookies()).some(({ name }) => name === '__Host-pending-connection')).toBe(false);
});
