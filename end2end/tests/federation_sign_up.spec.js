// An account by a provider: made from its word where that is taken, by a mail where it is not. It runs with JavaScript
// and without.
import { arrive, visit } from '../support/arrive.js';
import { expect, goTo, signInWith, test } from '../support/federation.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { ConnectionsPage, RefusedPage } from '../support/pages/connections.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { SignUpPage } from '../support/pages/sign_up.js';
import { VerifyEmailPage } from '../support/pages/verify_email.js';
import { signUp } from '../support/people.js';

test('a new person is in at once, under their name there, and no mail asks for the address', async ({ page, acme, carol, inbox }) => {
  await signInWith(page, acme, carol, { from: '/sign-up' });
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
  expect(await inbox.mailsTo(carol.email, 'verify_email')).toEqual([]);
  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.heading).toBeVisible();
  await expect(connections.connection(carol)).toContainText('Acme');
});

test('without a name there, the account is called by its address', async ({ page, acme, carol }) => {
  await signInWith(page, acme, { ...carol, name: '' });
  await expect(page.getByRole('heading', { level: 1 })).toContainText(carol.email.split('@')[0]);
});

for (const [what, known, options] of [
  ['that the provider does not vouch for', true, { verified: false }],
  ['that the provider does not tell', false, {}],
]) {
  test(`an address ${what} is proved by mail, and then the provider opens the account`, async ({ page, acme, carol, inbox, complaints }) => {
    const there = known ? carol : { ...carol, email: '' };
    await visit(page, '/sign-up');
    await (await goTo(page, acme)).signIn(there, options);
    await arrive(page, '/finish-sign-up');
    const form = new SignUpPage(page);
    await expect(form.name).toHaveValue(carol.name);
    await expect(form.email).toHaveValue(there.email);
    await expect(form.password).toHaveCount(0);

    await test.step('what is no address is said at its field', async () => {
      complaints.expectRefusal(422, '/finish-sign-up');
      await form.email.fill('carol@example');
      await form.button.click();
      await expect(form.email).toHaveAttribute('aria-invalid', 'true');
      await arrive(page, '/finish-sign-up');
    });

    await form.email.fill(carol.email);
    await form.button.click();
    await arrive(page, '/verify-email');
    const { code } = await inbox.mailTo(carol.email, 'verify_email');
    await new VerifyEmailPage(page).submit(code);
    await expect(page).toHaveURL((url) => ['/sign-in', '/dashboard'].includes(url.pathname));
    await page.context().clearCookies();

    await signInWith(page, acme, there, options);
    await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
  });
}

test('whoever signed up with a foreign address and waits gets nothing of the account that its owner makes', async ({ page, anotherBrowser, server, acme, carol, inbox }) => {
  const { email, password, name } = carol;
  await signUp(server, { email, password, name });
  const { code } = await inbox.mailTo(email, 'verify_email');
  await signInWith(page, acme, carol);
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();

  const attacker = await anotherBrowser();
  const form = new SignInPage(attacker);
  await form.open();
  await form.submit(carol);
  // What was signed up waits for ever, as it would for an address that is nobody's: it tells nothing of the account.
  await arrive(attacker, '/verify-email');
  await attacker.goto('/dashboard');
  await arrive(attacker, '/sign-in');
  const answer = await fetch(`${server.url}/api/v1/verify-email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: carol.email, code }),
  });
  expect(answer.status, 'the code that was mailed before').toBeGreaterThanOrEqual(400);
});

test('whoever says no there has no account here, and may try again', async ({ page, acme, carol }) => {
  await visit(page, '/sign-up');
  await (await goTo(page, acme)).deny();
  const refused = new RefusedPage(page);
  await refused.shown(acme);
  await refused.tryAgain.click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sign in to Acme' })).toBeVisible();
  await signInWith(page, acme, carol);
});
