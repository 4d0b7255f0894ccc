// The first administrator: from the link that the program prints at its start to the page that asks for the second factor,
// and on to the administration. It runs with JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { AuthenticatorPage, RecoveryCodesPage } from '../support/factor_pages.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { SignUpPage } from '../support/pages/sign_up.js';
import { VerifyEmailPage } from '../support/pages/verify_email.js';
import { expect, test } from '../support/test.js';
import { AuthenticatorApp } from '../support/totp.js';

// A server of its own, which nobody administers.
test.use({ settings: { KEYWRIGHT_SECOND_FACTOR: 'admins' } });

/** The newest link in a text. */
const linkIn = (text) => [...text.matchAll(/http:\/\/\S+\/setup\?token=[\w-]+/g)].at(-1)?.[0];
const becoming = (page) => page.getByRole('button', { name: 'Make this account the administrator', exact: true });

test('the printed link makes the first administrator, who needs a second factor at once', async ({
  page,
  server,
  inbox,
  alice,
  anotherBrowser,
  complaints,
}) => {
  const link = linkIn(server.log);
  expect(link, server.log).toBeTruthy();
  await page.goto(link);
  await arrive(page, '/setup');
  expect(page.url(), 'the token leaves the address bar').not.toContain('token');
  await page.getByRole('main').getByRole('link', { name: 'Create account', exact: true }).click();
  await arrive(page, '/sign-up');
  await new SignUpPage(page).signUp(alice);
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  await new VerifyEmailPage(page).typeCode(code);
  await new SignInPage(page).signIn(alice, '/setup');
  await expect(page.getByRole('main')).toContainText(alice.email);
  await becoming(page).click();
  await arrive(page, '/account/second-factor-required');

  await page.getByRole('link', { name: 'Set up an app', exact: true }).click();
  await arrive(page, '/account/authenticator');
  const authenticator = new AuthenticatorPage(page);
  const app = new AuthenticatorApp(await authenticator.begin());
  await authenticator.submit(await app.code());
  await arrive(page, '/account/recovery-codes');
  await new RecoveryCodesPage(page).keep();
  await visit(page, '/admin');
  await arrive(page, '/admin');
  await expect(page.getByRole('heading', { level: 2, name: 'Sign-ins of the last 30 days' })).toBeVisible();

  await test.step('the link is dead for everybody else', async () => {
    complaints.expectRefusal(410, '/setup');
    const other = await anotherBrowser();
    expect((await visit(other, link)).status()).toBe(410);
    await expect(other.getByRole('alert')).toContainText('there is an administrator already');
    await expect(server.command('setup', 'link')).rejects.toThrow(/there is an administrator/);
  });
});
