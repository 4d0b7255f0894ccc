// An authenticator app: set up from the key and from the picture, asked for at the sign-in; recovery codes; trusted
// devices; removal. It runs with JavaScript and without. The codes are computed by the tests (support/totp.js).
import { readFile } from 'node:fs/promises';

import { arrive, runsScript, statusAfter, visit } from '../support/arrive.js';
import { copiedText } from '../support/clipboard.js';
import { AuthenticatorPage, RecoveryCodesPage, TrustedDevicesPage, TwoStepPage } from '../support/factor_pages.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { SecurityPage } from '../support/pages/security.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { readQr } from '../support/qr.js';
import { expect, test } from '../support/test.js';
import { AuthenticatorApp, addApp } from '../support/totp.js';

const nextPassword = 'another lamp orbit nine';

/** The first half of a sign-in, which ends on /two-step. */
async function firstHalf(page, person) {
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(person, '/two-step');
  return new TwoStepPage(page);
}

test('an app is set up from the key, and from the picture as a phone reads it', async ({ page, bobSignedIn: bob, inbox, complaints }) => {
  const [authenticator, recovery] = [new AuthenticatorPage(page), new RecoveryCodesPage(page)];
  const key = await authenticator.begin();
  const app = new AuthenticatorApp(key);

  await test.step('the picture and the link hold the same key', async () => {
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme });
      const read = new URL(await readQr(authenticator.picture));
      expect(read.protocol + read.host, theme).toBe('otpauth:totp');
      expect(read.searchParams.get('secret'), theme).toBe(key.replace(/\s/g, ''));
      expect(read.searchParams.get('issuer')).toBe('Keywright');
      expect(decodeURIComponent(read.pathname)).toContain(bob.email);
    }
    await expect(authenticator.appLink).toHaveAttribute('href', await readQr(authenticator.picture));
  });

  await test.step('a wrong code is refused at its field, and the key stays', async () => {
    complaints.expectRefusal(422, '/account/authenticator');
    for (const wrong of [app.wrongCode(), '12345']) {
      expect(await statusAfter(page, () => authenticator.submit(wrong)), wrong).toBe(422);
      await arrive(page, '/account/authenticator');
      await expect(authenticator.code).toHaveAttribute('aria-invalid', 'true');
      await expect(authenticator.key).toHaveText(key);
    }
  });

  const code = await app.code();
  await authenticator.submit(`${code.slice(0, 3)} ${code.slice(3)}`);
  await arrive(page, '/account/recovery-codes');
  const codes = await recovery.codes();

  await test.step('ten recovery codes are shown once, to be copied, downloaded or printed', async () => {
    expect(new Set(codes).size).toBe(10);
    const waiting = page.waitForEvent('download');
    await recovery.download.click();
    const download = await waiting;
    const file = await readFile(await download.path(), 'utf8');
    for (const one of codes) expect(file).toContain(one);
    await expect(recovery.saved).not.toBeChecked();
    await recovery.keep();
    await expect(recovery.left).toContainText('10');
    expect(await page.content()).not.toContain(codes[0]);
  });

  await test.step('the person is told', async () => {
    const mail = await inbox.mailTo(bob.email, 'factor_added');
    expect(JSON.stringify(mail)).not.toContain(key);
  });

  await test.step('security says so, and the key is shown never again', async () => {
    await new SecurityPage(page).open();
    await expect(page.getByRole('main').locator('a[href="/account/authenticator"]').first()).toBeVisible();
    await authenticator.open();
    await expect(authenticator.key).toHaveCount(0);
    await expect(authenticator.removal).toHaveCount(1);
  });
});

test('the second half: a wrong and a used code are refused, a right one signs in, a recovery code once', async ({ page, bob, server, inbox, complaints }) => {
  const { app, codes } = await addApp(server, bob);
  complaints.expectRefusal(422, '/two-step');
  const two = await firstHalf(page, bob);

  await test.step('what waits is no session', async () => {
    await visit(page, '/account');
    await arrive(page, '/sign-in');
    await visit(page, '/two-step');
  });

  await test.step('wrong, and used at the enrolment', async () => {
    for (const bad of [app.wrongCode(), app.usedCode()]) {
      expect(await statusAfter(page, () => two.submit(bad)), bad).toBe(422);
      await arrive(page, '/two-step');
      await expect(two.code).toHaveAttribute('aria-invalid', 'true');
      await expect(two.code).toHaveValue('');
    }
  });

  await test.step('the field is one that phones and managers fill', async () => {
    await expect(two.code).toHaveAttribute('autocomplete', 'one-time-code');
    await expect(two.code).toHaveAttribute('inputmode', 'numeric');
  });

  await two.pass(await app.code());
  const dashboard = new DashboardPage(page);
  await expect(dashboard.greeting(bob)).toBeVisible();
  await dashboard.signOut();

  await test.step('a recovery code signs in once; its number goes down, and its owner is told', async () => {
    const again = await firstHalf(page, bob);
    await again.useRecoveryCode(codes[0].toLowerCase());
    const recovery = new RecoveryCodesPage(page);
    await recovery.open();
    await expect(recovery.left).toContainText('9');
    await inbox.mailTo(bob.email, 'recovery_code_used');
    await dashboard.open();
    await dashboard.signOut();
    const third = await firstHalf(page, bob);
    await third.choose('recovery_code');
    expect(await statusAfter(page, () => third.submit(codes[0]))).toBe(422);
    await arrive(page, '/two-step');
  });
});

test('a trusted device is not asked again, until it is revoked, or the password is another', async ({ page, bob, server }) => {
  const { app, codes } = await addApp(server, bob);
  const [dashboard, devices] = [new DashboardPage(page), new TrustedDevicesPage(page)];
  await (await firstHalf(page, bob)).pass(await app.code(), { trust: true });
  await dashboard.signOut();

  const form = new SignInPage(page);
  await form.open();
  await form.signIn(bob);
  await devices.open();
  await expect(devices.list).toHaveCount(1);
  await expect(devices.list).toContainText('Chrome on Linux');
  await devices.revoke.first().click();
  await expect(devices.list).toHaveCount(0);
  await dashboard.open();
  await dashboard.signOut();

  await test.step('revoked', async () => {
    const two = await firstHalf(page, bob);
    await two.choose('recovery_code');
    await two.pass(codes[0], { trust: true });
  });

  await test.step('dead after a change of the password', async () => {
    const security = new SecurityPage(page);
    await security.open();
    await security.submit(bob.password, nextPassword);
    await expect(page).toHaveURL(/note=changed/);
    await dashboard.open();
    await dashboard.signOut();
    await firstHalf(page, { ...bob, password: nextPassword });
  });
});

test('who removes the app signs in with the password alone, and the recovery codes are gone', async ({ page, bob, server, inbox }) => {
  const { app } = await addApp(server, bob);
  await (await firstHalf(page, bob)).pass(await app.code());
  const authenticator = new AuthenticatorPage(page);
  await authenticator.open();
  await authenticator.remove();
  await expect(page).toHaveURL(/note=removed/);
  await expect(authenticator.start).toBeVisible();
  await inbox.mailTo(bob.email, 'factor_removed');
  const recovery = new RecoveryCodesPage(page);
  await recovery.open();
  await expect(recovery.left).toHaveCount(0);

  const dashboard = new DashboardPage(page);
  await dashboard.open();
  await dashboard.signOut();
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(bob);
});

test.describe('with a clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('the key and the codes are copied by a press', async ({ page, context, bobSignedIn: _bob }) => {
    test.skip(!runsScript(page), 'a press copies nothing without a script');
    const [authenticator, recovery] = [new AuthenticatorPage(page), new RecoveryCodesPage(page)];
    const key = await authenticator.begin();
    const copied = () => copiedText(context);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await copied()).toBe(key.replace(/\s/g, ''));
    await authenticator.submit(await new AuthenticatorApp(key).code());
    await arrive(page, '/account/recovery-codes');
    const codes = await recovery.codes();
    await page.locator('#made-codes').locator('xpath=..').getByRole('button', { name: /copy/i }).first().click();
    expect((await copied()).trim().split(/\s+/)).toEqual(codes);
  });
});
