// What operators see: organizations, the settings without their secrets, the health, the days in pictures. It runs with
// JavaScript and without.
import { visit } from '../support/arrive.js';
import { AdminOrganizationsPage } from '../support/pages/admin_organizations.js';
import { makeAdministrator } from '../support/people.js';
import { signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

const secret = 'r8Jd0mWq2LxT5vYbN7sKc3FhZa9PeUgQ';

test.use({ settings: { KEYWRIGHT_HS256_SECRET: secret, KEYWRIGHT_HASH_QUEUE: '32' } });

test.beforeEach(async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
});

test('an organization is found, closed with a reason, and opened again', async ({ page, server }) => {
  await server.command('seed', '--users', '30', '--organizations', '3', '--audit-lines', '0', '--yes');
  const organizations = new AdminOrganizationsPage(page);
  await organizations.openOrganization('team-1');
  await expect(organizations.rows.filter({ hasText: 'owner' })).toHaveCount(1);
  await organizations.close('Unpaid for 90 days');
  await expect(page.getByRole('main')).toContainText('Unpaid for 90 days');
  await organizations.open();
  await organizations.search('team-1');
  await expect(organizations.rows.first()).toContainText('Closed');
  await organizations.openOrganization('team-1');
  await organizations.reopen();
  await expect(organizations.closing).toBeVisible();
});

test('settings say where they were set, and nothing of a secret', async ({ page }) => {
  await visit(page, '/admin/settings');
  const row = (name) => page.getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
  await expect(row('hash_queue')).toContainText('32');
  await expect(row('hash_queue')).toContainText('Environment');
  await expect(row('hs256_secret')).toContainText('Set, and secret');
  await expect(row('api_docs')).toContainText('Default');
  expect(await page.content()).not.toContain(secret);
});

test('the health says how fast the program answers', async ({ page }) => {
  await visit(page, '/admin/health');
  await expect(page.getByRole('img', { name: /How long requests take/ })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('SQLite');
  await page.getByText('Show as a table').click();
  await expect(page.getByRole('columnheader', { name: 'Minute', exact: true })).toBeVisible();
});

test('the days are pictures that can be read as tables', async ({ page }) => {
  await visit(page, '/admin');
  const picture = page.getByRole('img', { name: /Sign-ins of the last 30 days/ });
  // Whoever has the turn counts beside the request, so the page before may have been too early.
  await expect(async () => {
    await visit(page, '/admin');
    await expect(picture).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByText('Show as a table').first().click();
  await expect(page.getByRole('columnheader', { name: 'Password', exact: true })).toBeVisible();
  await test.step('on a phone the picture scrolls in its own box', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBe(360);
  });
});
