// A service where everybody must have a second factor, at once: every page leads to the one that explains, until
// there is one. It runs with JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { AuthenticatorPage, RecoveryCodesPage } from '../support/factor_pages.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { expect, test } from '../support/test.js';
import { AuthenticatorApp } from '../support/totp.js';

const required = '/account/second-factor-required';

test.use({ settings: { KEYWRIGHT_SECOND_FACTOR: 'everyone', KEYWRIGHT_SECOND_FACTOR_GRACE_DAYS: '0' } });

test('whoever owes a second factor sets one up, and everything is open again', async ({ page, bob }) => {
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(bob, required);
  await expect(page.getByRole('heading', { level: 1, name: 'Your account needs a second factor' })).toBeVisible();
  for (const path of ['/dashboard', '/account', '/account/security', '/account/data', '/admin', '/nothing']) {
    await visit(page, path);
    await arrive(page, required);
  }

  await page.getByRole('link', { name: 'Set up an app', exact: true }).click();
  await arrive(page, '/account/authenticator');
  const authenticator = new AuthenticatorPage(page);
  const app = new AuthenticatorApp(await authenticator.begin());
  await authenticator.submit(await app.code());
  await arrive(page, '/account/recovery-codes');
  await new RecoveryCodesPage(page).keep();

  await visit(page, '/dashboard');
  await arrive(page, '/dashboard');
  await visit(page, required);
  await expect(page.getByText('Nothing is missing: your account is as safe as it must be.')).toBeVisible();
});

test('they may sign out instead', async ({ page, bob }) => {
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(bob, required);
  await new DashboardPage(page).signOut();
  await visit(page, required);
  await arrive(page, '/sign-in');
});
