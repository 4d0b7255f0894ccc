// The page of connections: connecting and disconnecting while signed in, the last way in, an account that is taken. It
// runs with JavaScript and without.
import { arrive, query, visit } from '../support/arrive.js';
import { expect, signInWith, test } from '../support/federation.js';
import { ConnectionsPage } from '../support/pages/connections.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { signIn } from '../support/sessions.js';

/** Signs in and goes to the page. */
async function open(page, person) {
  await signIn(page, person);
  const connections = new ConnectionsPage(page);
  await connections.open();
  return connections;
}

test('an account of another address is connected, shown, told by mail, and disconnected', async ({ page, acme, bob, carol, inbox }) => {
  const connections = await open(page, bob);
  await expect(connections.list).toHaveCount(0);
  await (await connections.connect(acme)).signIn(carol);
  await arrive(page, '/account/connections');
  const card = connections.connection(carol);
  await expect(card).toContainText('Acme');
  await expect(card).toContainText('Connected');
  await expect(card).toContainText('Never');
  await inbox.mailTo(bob.email, 'connection_added');

  const dashboard = new DashboardPage(page);
  await dashboard.open();
  await dashboard.signOut();
  await signInWith(page, acme, carol);
  await expect(dashboard.greeting(bob)).toBeVisible();

  await connections.open();
  await expect(card).not.toContainText('Never');
  await connections.disconnect(carol);
  await arrive(page, '/account/connections');
  await expect(connections.list).toHaveCount(0);
  await inbox.mailTo(bob.email, 'connection_removed');

  await test.step('then the provider leads to another account, or to none', async () => {
    await page.context().clearCookies();
    await signInWith(page, acme, carol);
    await expect(dashboard.greeting(carol)).toBeVisible();
  });
});

test('the last way in cannot be disconnected, and the page says why', async ({ page, acme, carol }) => {
  await signInWith(page, acme, carol);
  const connections = new ConnectionsPage(page);
  await connections.open();
  const card = connections.connection(carol);
  await expect(card).toContainText('the only way into your account');
  await expect(card.getByRole('button', { name: 'Disconnect', exact: true })).toBeDisabled();
  await expect(card.getByRole('button', { name: 'Disconnect this account', exact: true })).toHaveCount(0);
});

test('an account there that opens another account here is not connected to a second', async ({ page, acme, bob, carol }) => {
  await signInWith(page, acme, carol);
  await page.context().clearCookies();
  const connections = await open(page, bob);
  await (await connections.connect(acme)).signIn(carol);
  await arrive(page, '/account/connections');
  expect(query(page, 'refused')).toBe('connection_taken');
  await expect(connections.refusal).toContainText('connected to another account');
  await expect(connections.list).toHaveCount(0);
});

test('what is connected already is no mistake', async ({ page, acme, bob, carol }) => {
  const connections = await open(page, bob);
  for (let time = 0; time < 2; time += 1) {
    await (await connections.connect(acme)).signIn(carol);
    await arrive(page, '/account/connections');
    await expect(connections.refusal).toHaveCount(0);
    await expect(connections.list).toHaveCount(1);
  }
});

test('who says no there has no connection, and is told so on the page', async ({ page, acme, bob }) => {
  const connections = await open(page, bob);
  await (await connections.connect(acme)).deny();
  await arrive(page, '/account/connections');
  expect(query(page, 'refused')).toBe('provider_refused');
  await expect(connections.refusal).toBeVisible();
});

test('a session that ended meanwhile connects nothing', async ({ page, acme, bob, carol }) => {
  const connections = await open(page, bob);
  const there = await connections.connect(acme);
  await page.context().clearCookies({ name: '__Host-refresh' });
  await there.signIn(carol);
  await expect(page).toHaveURL((url) => url.port !== new URL(acme.issuer).port);
  await visit(page, '/sign-in');
  await signIn(page, bob);
  await connections.open();
  await expect(connections.list).toHaveCount(0);
});
