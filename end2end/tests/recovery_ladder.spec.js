// The recovery ladder on the security page, and its last rung: recovery by mail, asked for and called off. It runs with
// JavaScript and without. The wait of three days is a matter of the stories of the engine: no clock can be moved here.
import { arrive, hydrated, statusAfter, visit } from '../support/arrive.js';
import { CancelRecoveryPage, RecoverAccountPage, RecoveryNotice } from '../support/pages/recovery.js';
import { SecurityPage } from '../support/pages/security.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { firefox } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { addApp } from '../support/totp.js';

const threeDays = 3 * 24 * 60 * 60 * 1000;

/** Signs in up to the second factor, has none of them, and starts the recovery. */
async function startRecovery(page, person) {
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(person, '/two-step');
  await page.locator('main a[href="/recover-account"]').click();
  await arrive(page, '/recover-account');
  const recovery = new RecoverAccountPage(page);
  await expect(page.getByText('After 72 hours you get an email with a link.')).toBeVisible();
  await recovery.begin();
  return recovery;
}

test('the security page says what happens when the phone is lost, and what helps most', async ({ page, server, bobSignedIn: bob }) => {
  await new SecurityPage(page).open();
  const section = page.locator('#phone-lost');
  await expect(section).toContainText('It is enough for a thief as well.');
  await expect(section.getByRole('link', { name: 'Add a passkey' })).toHaveAttribute('href', '/account/passkeys');
  await expect(section.getByRole('img', { name: 'Your ladder back in' })).toBeVisible();
  await expect(section.locator('.ladder-missing')).toHaveCount(3);

  await addApp(server, bob);
  await new SecurityPage(page).open();
  await expect(section).toContainText('You would get in with a recovery code; 10 are left.');
  await expect(section.locator('.ladder-cross'), 'the app goes with the phone').toHaveCount(1);
  await expect(section.locator('.ladder-holds'), 'codes and mail hold').toHaveCount(2);
  const app = page.locator('.factor', { hasText: 'Authenticator app' });
  await expect(app).toContainText('On');
  await expect(app.getByRole('link')).toHaveAttribute('href', '/account/authenticator');
});

test('recovery by mail is told to every session and address, and the mailed link calls it off', async ({ page, anotherBrowser, server, inbox, bobSignedIn: bob, complaints }) => {
  await addApp(server, bob);
  const phone = await anotherBrowser(firefox);
  const recovery = await startRecovery(phone, bob);
  await test.step('when the link comes is said', async () => {
    const comes = Date.parse(await recovery.moments.first().getAttribute('datetime'));
    expect(Math.abs(comes - Date.now() - threeDays), 'milliseconds off').toBeLessThan(60_000);
    await expect(phone.getByText(bob.email)).toBeVisible();
    await recovery.open();
    await expect(recovery.start, 'it runs already').toHaveCount(0);
  });

  const notice = new RecoveryNotice(page);
  await test.step('the other session sees it on every page', async () => {
    for (const path of ['/dashboard', '/account', '/account/security']) {
      await visit(page, path);
      await expect(notice.box, path).toContainText('Firefox on Linux');
    }
  });

  const { link, text } = await inbox.mailTo(bob.email, 'recovery_requested');
  expect(text).toContain('Firefox on Linux');
  const elsewhere = await anotherBrowser();
  await test.step('opening the link changes nothing, its button calls it off', async () => {
    for (const _ of ['once', 'twice']) expect((await visit(elsewhere, link)).status()).toBe(200);
    await visit(page, '/dashboard');
    await expect(notice.box).toBeVisible();
    await visit(elsewhere, link);
    await new CancelRecoveryPage(elsewhere).cancel();
    await expect(elsewhere.getByText('Your second factors stay as they are.')).toBeVisible();
    await visit(page, '/dashboard');
    await expect(notice.box).toHaveCount(0);
    await inbox.mailTo(bob.email, 'recovery_cancelled');
  });

  await test.step('used, the link is dead', async () => {
    complaints.expectRefusal(410, '/cancel-recovery');
    expect((await visit(elsewhere, link)).status()).toBe(410);
  });

  await test.step('and none is started within a day', async () => {
    complaints.expectRefusal(429, '/recover-account');
    await recovery.open();
    expect(await statusAfter(phone, () => recovery.start.click())).toBe(429);
    await expect(phone.getByRole('alert')).toContainText('in the last 24 hours');
  });
});

test('whoever is signed in calls it off with one button', async ({ page, anotherBrowser, server, bobSignedIn: bob }) => {
  await addApp(server, bob);
  await startRecovery(await anotherBrowser(firefox), bob);
  await visit(page, '/account');
  const notice = new RecoveryNotice(page);
  await notice.cancel();
  await expect(page.getByRole('status').filter({ hasText: 'The recovery is cancelled.' })).toBeVisible();
  await expect(notice.box).toHaveCount(0);
  await hydrated(page);
});

test('without a sign-in that waits, the page says how to begin', async ({ page, complaints }) => {
  const recovery = new RecoverAccountPage(page);
  await recovery.open();
  await expect(recovery.start).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in');
  complaints.expectRefusal(410, '/recover-account');
  expect((await visit(page, '/recover-account?token=invented')).status()).toBe(410);
});
