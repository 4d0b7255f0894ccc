// Passkeys, with a device that Chromium pretends to have: an account without a password, both ways to sign in with one,
// the second factor, the fresh proof, naming and removing, prompts that are closed, and the offer.
import { arrive, statusAfter, visit } from '../../support/arrive.js';
import { Authenticator, withoutAutofill } from '../../support/authenticator.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { PasskeysPage } from '../../support/pages/passkeys.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { SignUpPage } from '../../support/pages/sign_up.js';
import { VerifyEmailPage } from '../../support/pages/verify_email.js';
import { signIn } from '../../support/sessions.js';
import { expect, test } from '../../support/test.js';
import { english } from '../../support/words.js';

const cancelled = 'Cancelled. Try again or choose another way.';
const button = (page, name) => page.getByRole('button', { name, exact: true });

/** Signs `person` in with the password and gives the account a passkey of this device. */
async function withPasskey(page, person) {
  const device = await Authenticator.of(page);
  await signIn(page, person);
  const passkeys = new PasskeysPage(page);
  await passkeys.open();
  await passkeys.addFirst();
  await expect(passkeys.list).toHaveCount(1);
  return device;
}

test('an account is made with a passkey and no password, and the browser signs in with it by itself', async ({ page, inbox, alice }) => {
  const device = await Authenticator.of(page);
  const signUp = new SignUpPage(page);
  await signUp.open();

  await test.step('what is missing is said at its field, and nobody is asked for a fingerprint', async () => {
    await button(page, english.signUpWithPasskey).click();
    await expect(signUp.refusal).toBeVisible();
    await expect(signUp.name).toBeFocused();
    await expect(signUp.email).toHaveAttribute('aria-invalid', 'true');
    expect(await device.passkeys()).toEqual([]);
  });

  await signUp.name.fill(alice.name);
  await signUp.email.fill(alice.email);
  await button(page, english.signUpWithPasskey).click();
  await arrive(page, '/verify-email');
  const [made] = await device.passkeys();
  expect(made).toMatchObject({ rpId: 'localhost', isResidentCredential: true });

  // The page that follows is the sign-in, where the browser fills the passkey in.
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  await new VerifyEmailPage(page).submit(code);
  await arrive(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(alice)).toBeVisible();

  const passkeys = new PasskeysPage(page);
  await passkeys.open();
  await expect(passkeys.list).toHaveCount(1);
});

test('autofill signs in while the page waits, and leads to where one wanted to go', async ({ page, bob }) => {
  const device = await withPasskey(page, bob);
  await device.isAttended(false);
  await visit(page, '/dashboard');
  await new DashboardPage(page).signOut();
  await page.goto('about:blank');
  await device.isAttended(true);
  await page.goto('/account/sessions');
  await arrive(page, '/account/sessions');
});

test('the button signs in', async ({ page, bob }) => {
  await withoutAutofill(page);
  await withPasskey(page, bob);
  await visit(page, '/dashboard');
  await new DashboardPage(page).signOut();
  await button(page, english.signInWithPasskey).click();
  await arrive(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('after a password the passkey is the second factor', async ({ page, bob }) => {
  await withoutAutofill(page);
  const device = await withPasskey(page, bob);
  await visit(page, '/dashboard');
  await new DashboardPage(page).signOut();
  await new SignInPage(page).submit(bob);
  await arrive(page, '/two-step');

  await device.verifies(false);
  await button(page, english.usePasskey).click();
  await expect(page.getByText(cancelled)).toBeVisible();
  await device.verifies(true);
  await button(page, english.usePasskey).click();
  await arrive(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a device that has a passkey of the account says so', async ({ page, bob }) => {
  const device = await withPasskey(page, bob);
  const passkeys = new PasskeysPage(page);
  await passkeys.addButton.click();
  await expect(page.getByText('This device already has a passkey for your account.')).toBeVisible();
  expect(await device.passkeys()).toHaveLength(1);
  await expect(passkeys.list).toHaveCount(1);
});

test('a passkey gets another name', async ({ page, bob }) => {
  await withPasskey(page, bob);
  const passkeys = new PasskeysPage(page);
  await passkeys.rename(passkeys.list.first(), 'The laptop in the kitchen');
  await expect(passkeys.passkey('The laptop in the kitchen')).toBeVisible();
  await expect(page.getByText('The passkey has its new name.')).toBeVisible();
});

test('a removed passkey is gone from the device, and one that stayed there no longer signs in', async ({ page, bob, complaints }) => {
  await withoutAutofill(page);
  const device = await withPasskey(page, bob);
  const [kept] = await device.passkeys();
  const passkeys = new PasskeysPage(page);
  await passkeys.remove(passkeys.list.first());

  await test.step('it was proved a moment ago, when it was made', async () => {
    await arrive(page, '/account/passkeys');
    await expect(page.getByText('The passkey is removed.')).toBeVisible();
    await expect(passkeys.list).toHaveCount(0);
  });
  await expect.poll(() => device.passkeys(), 'the device was told').toEqual([]);

  await test.step('from a device that was not told, it opens nothing, and that one is told, too', async () => {
    await device.restore(kept);
    await visit(page, '/dashboard');
    await new DashboardPage(page).signOut();
    complaints.expectRefusal(422, '/sign-in');
    expect(await statusAfter(page, () => button(page, english.signInWithPasskey).click())).toBe(422);
    await expect(page.getByRole('alert')).toContainText('This passkey was not accepted.');
    await expect.poll(() => device.passkeys()).toEqual([]);
  });
  await new SignInPage(page).signIn(bob);
});

test.describe('a prompt that is closed is no error', () => {
  test('at the sign-in', async ({ page, bob }) => {
    await withoutAutofill(page);
    const device = await withPasskey(page, bob);
    await visit(page, '/dashboard');
    await new DashboardPage(page).signOut();
    await device.verifies(false);
    const questions = [];
    page.on('request', (request) => request.url().endsWith('/sign-in/passkey/options') && questions.push(request));
    await button(page, english.signInWithPasskey).click();
    await expect(page.getByText(cancelled)).toBeVisible();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(button(page, english.signInWithPasskey)).not.toHaveAttribute('aria-disabled');
    // A browser that fills nothing in is asked once, by the button.
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => new Promise((done) => setTimeout(done, 250)));
    expect(questions).toHaveLength(1);
    await device.verifies(true);
    await button(page, english.signInWithPasskey).click();
    await arrive(page, '/dashboard');
  });

  test('when one is added', async ({ page, bob }) => {
    await signIn(page, bob);
    const passkeys = new PasskeysPage(page);
    await passkeys.open();
    await page.evaluate(() => {
      navigator.credentials.create = () => Promise.reject(new DOMException('The person closed it.', 'NotAllowedError'));
    });
    await passkeys.addButton.click();
    await expect(page.getByText(cancelled)).toBeVisible();
    await expect(passkeys.refusal).toHaveCount(0);
  });
});

test('a browser that knows no JSON of passkeys makes and uses them all the same', async ({ page, bob }) => {
  await withoutAutofill(page);
  await page.addInitScript(() => {
    delete PublicKeyCredential.parseCreationOptionsFromJSON;
    delete PublicKeyCredential.parseRequestOptionsFromJSON;
    delete PublicKeyCredential.prototype.toJSON;
  });
  await withPasskey(page, bob);
  await visit(page, '/dashboard');
  await new DashboardPage(page).signOut();
  await button(page, english.signInWithPasskey).click();
  await arrive(page, '/dashboard');
});

test('a browser without passkeys shows no button, and says why where it matters', async ({ page, bob }) => {
  await page.addInitScript(() => delete window.PublicKeyCredential);
  await visit(page, '/sign-in');
  await expect(button(page, english.signInWithPasskey)).toBeHidden();
  await visit(page, '/sign-up');
  await expect(button(page, english.signUpWithPasskey)).toBeHidden();
  await signIn(page, bob);
  await new PasskeysPage(page).open();
  await expect(new PasskeysPage(page).addButton).toBeHidden();
  await expect(page.getByText('This browser cannot use passkeys.')).toBeVisible();
});

test.describe('the offer after a password', () => {
  const offer = (page) => page.getByRole('region', { name: english.offerTitle });

  test('is taken with one press', async ({ page, bob }) => {
    const device = await Authenticator.of(page);
    await signIn(page, bob);
    await expect(offer(page)).toBeVisible();
    await button(page, english.addPasskey).click();
    await arrive(page, '/account/recovery-codes');
    expect(await device.passkeys()).toHaveLength(1);
    await visit(page, '/dashboard');
    await expect(offer(page)).toBeHidden();
  });

  test('is not made again after “Not now”, wherever one signs in', async ({ page, bob, anotherBrowser }) => {
    await Authenticator.of(page);
    await signIn(page, bob);
    await button(page, english.notNow).click();
    await arrive(page, '/dashboard');
    await expect(offer(page)).toBeHidden();
    const elsewhere = await anotherBrowser();
    await Authenticator.of(elsewhere);
    await signIn(elsewhere, bob);
    await expect(elsewhere.getByText(english.offerTitle)).toHaveCount(0);
  });

  test('is not made again in this browser after “Never on this device”', async ({ page, bob, anotherBrowser }) => {
    await Authenticator.of(page);
    await signIn(page, bob);
    await button(page, english.neverHere).click();
    await arrive(page, '/dashboard');
    await expect(offer(page)).toBeHidden();
    const elsewhere = await anotherBrowser();
    await Authenticator.of(elsewhere);
    await signIn(elsewhere, bob);
    await expect(offer(elsewhere)).toBeVisible();
  });

  test('is not made on a device that keeps none', async ({ page, bob }) => {
    await signIn(page, bob);
    const asked = page.evaluate(() => PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable());
    expect(await asked, 'what the browser says of itself').toBe(false);
    await expect(page.getByText(english.offerTitle)).toHaveCount(1);
    await expect(page.getByText(english.offerTitle)).toBeHidden();
  });
});
