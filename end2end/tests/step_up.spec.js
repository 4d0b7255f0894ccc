// Whoever has a second factor proves it before a risky act, and an administrator once in each session. A while is three
// seconds here. It runs with JavaScript and without.
import { arrive, statusAfter, visit } from '../support/arrive.js';
import { TwoStepPage } from '../support/factor_pages.js';
import { ConfirmPage } from '../support/pages/confirm.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { EmailPage } from '../support/pages/email.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { makeAdministrator } from '../support/people.js';
import { untilProofIsOld } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { addApp } from '../support/totp.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '3' } });

/** Signs in with the code of an app. */
async function signInWithApp(page, person, app, options) {
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(person, '/two-step');
  await new TwoStepPage(page).pass(await app.code(), options);
}

test('another address asks for a code and not for the password, and goes on after the right one', async ({ page, server, inbox, alice, bob, complaints }) => {
  const { app, codes } = await addApp(server, bob);
  await signInWithApp(page, bob, app);
  await untilProofIsOld(page);
  const [email, confirm] = [new EmailPage(page), new ConfirmPage(page)];
  await email.open();
  await email.askAndBeAsked(alice.email);
  await expect(confirm.act('Change your address')).toBeVisible();
  await expect(confirm.password).toHaveCount(0);
  await expect(confirm.code).toHaveAttribute('autocomplete', 'one-time-code');

  await test.step('a wrong code is refused at its field, and nothing is done', async () => {
    complaints.expectRefusal(422, '/account/confirm');
    expect(await statusAfter(page, () => confirm.submitCode(app.wrongCode()))).toBe(422);
    await arrive(page, '/account/confirm');
    await expect(confirm.code).toHaveAttribute('aria-invalid', 'true');
    await expect(confirm.act('Change your address')).toBeVisible();
    expect(await inbox.mailsTo(alice.email)).toEqual([]);
  });

  await test.step('a recovery code is another way, and the act goes on by itself', async () => {
    await confirm.choose('recovery_code');
    await confirm.submitCode(codes[0]);
    await arrive(page, '/account/email');
    await inbox.mailTo(alice.email, 'confirm_email');
  });
});

test('on a trusted device the administration asks for the factor first', async ({ page, server, bob }) => {
  const { app, codes } = await addApp(server, bob);
  await makeAdministrator(server, bob);
  await signInWithApp(page, bob, app, { trust: true });
  await visit(page, '/admin');
  await expect(page).toHaveURL(/\/admin$/);
  await new DashboardPage(page).signOut();

  const form = new SignInPage(page);
  await form.open();
  await form.signIn(bob);
  await visit(page, '/admin/users');
  await arrive(page, '/account/confirm');
  const confirm = new ConfirmPage(page);
  await confirm.choose('recovery_code');
  await confirm.submitCode(codes[0]);
  await arrive(page, '/admin/users');
});
