// Signing in with a provider again: the same account, to where one wanted to go, also with other keys, another address
// there, and in a browser that forgot everything. It runs with JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { expect, goTo, linkTo, signInWith, test } from '../support/federation.js';
import { ConnectionsPage } from '../support/pages/connections.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { ProviderPage } from '../support/pages/provider.js';

test('the next time it is the same account, and the page marks the way that was used last', async ({ page, acme, carol }) => {
  const dashboard = new DashboardPage(page);
  await signInWith(page, acme, carol);
  await dashboard.signOut();
  const way = page.getByRole('listitem').filter({ has: linkTo(page, acme) });
  await expect(way).toContainText('Last used here');
  await signInWith(page, acme, carol);
  await expect(dashboard.greeting(carol)).toBeVisible();
  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.list).toHaveCount(1);
});

test('it leads to the page that one wanted, and never to another site', async ({ page, acme, carol, baseURL }) => {
  await visit(page, '/account/sessions');
  await arrive(page, '/sign-in');
  await (await goTo(page, acme)).signIn(carol);
  await arrive(page, '/account/sessions');

  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example']) {
    await page.context().clearCookies();
    await page.goto(`/sign-in/with/acme?next=${encodeURIComponent(next)}`);
    await new ProviderPage(page, acme).signIn(carol);
    await arrive(page, '/dashboard');
    expect(new URL(page.url()).origin).toBe(baseURL);
  }
});

test('an address that changed there changes nothing here, and is shown with the connection', async ({ page, acme, carol }) => {
  await signInWith(page, acme, carol);
  await page.context().clearCookies();
  const moved = { ...carol, email: `new-${carol.email}` };
  await signInWith(page, acme, moved);
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.connection(moved)).toHaveCount(1);
});

test('another account there with the same name is somebody else', async ({ page, acme, carol }) => {
  await signInWith(page, acme, carol);
  await page.context().clearCookies();
  const other = { ...carol, sub: `${carol.sub}0`, email: `other-${carol.email}` };
  await signInWith(page, acme, other);
  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.list).toHaveCount(1);
  await expect(connections.connection(other)).toHaveCount(1);
});

test('a provider that signs with new keys is believed, once it publishes them', async ({ page, vault, carol }) => {
  await signInWith(page, vault, carol);
  vault.rotateKeys();
  await page.context().clearCookies();
  await signInWith(page, vault, carol);
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
});

test('the list of devices says how one signed in', async ({ page, acme, carol }) => {
  await signInWith(page, acme, carol);
  await visit(page, '/account/sessions');
  await expect(page.getByRole('main')).toContainText('Acme');
});
