// Somebody in Paris signs in from Tokyo a moment later: a code is asked for, and an administrator sees why. It runs with
// JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { placesFile } from '../support/mmdb.js';
import { typeCode } from '../support/pages/codes.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { createAccount, makeAdministrator, newcomer } from '../support/people.js';
import { signIn } from '../support/sessions.js';
import { expect, test as base } from '../support/test.js';

const places = placesFile([
  { network: [192, 0, 2, 0], prefix: 24, country: 'FR', city: 'Paris', latitude: 48.86, longitude: 2.35 },
  { network: [203, 0, 113, 0], prefix: 24, country: 'JP', city: 'Tokyo', latitude: 35.68, longitude: 139.65 },
]);
const from = (address) => ({ extraHTTPHeaders: { 'x-forwarded-for': address } });

const test = base.extend({
  files: [async ({}, use) => use(() => ({ 'places.mmdb': places })), { scope: 'worker' }],
});

test.use({ settings: { KEYWRIGHT_TRUSTED_PROXIES: '127.0.0.1/32', KEYWRIGHT_GEOIP_DATABASE: 'places.mmdb' } });

test('from Paris to Tokyo within a moment: one more step, and a line for administrators', async ({ page, anotherBrowser, server, inbox, bob }) => {
  const alice = await createAccount(server, inbox, newcomer('Alice Martin'));
  await signIn(await anotherBrowser(from('192.0.2.7')), alice);

  await test.step('the page says why, and the code is in the mailbox already', async () => {
    const tokyo = await anotherBrowser(from('203.0.113.9'));
    const form = new SignInPage(tokyo);
    await form.open();
    await form.signIn(alice, '/two-step');
    await expect(tokyo.getByRole('main')).toContainText('This sign-in looks unusual');
    const { code } = await inbox.mailTo(alice.email, 'second_factor_code');
    await typeCode(tokyo, tokyo.locator('form[action="/rpc/second_factor"]'), '/rpc/second_factor', code);
    await arrive(tokyo, '/dashboard');
    expect(await inbox.mailsTo(alice.email, 'new_device')).toHaveLength(0);
  });

  await test.step('an administrator sees the journey, in a picture and in a table', async () => {
    await makeAdministrator(server, bob);
    await signIn(page, bob);
    // Whoever has the turn counts beside the request, so the page before may have been too early.
    await expect(async () => {
      await visit(page, '/admin/anomalies');
      await expect(page.getByRole('img', { name: /Unusual sign-ins of the last 30 days/ })).toBeVisible({ timeout: 500 });
    }).toPass();
    const row = page.getByRole('row').filter({ hasText: alice.email });
    await expect(row).toContainText('Paris, FR → Tokyo, JP');
    await expect(row).toContainText('Proved');
    await page.getByRole('link', { name: 'Token used twice' }).click();
    await expect(page.getByRole('main')).toContainText('for this reason');
    await page.getByRole('link', { name: 'Impossible journey' }).click();
    await row.getByRole('link', { name: 'Alice Martin' }).click();
    await expect(page).toHaveURL(/\/admin\/users\/[0-9a-f-]+$/);
  });
});
