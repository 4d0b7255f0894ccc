// "This was not me": one button in a mail or in the activity, and the account is safe. It runs with
// JavaScript and without.
import { arrive, hydrated, statusAfter, visit } from '../support/arrive.js';
import { ActivityPage } from '../support/pages/activity.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { NotMePage } from '../support/pages/not_me.js';
import { ResetPasswordPage } from '../support/pages/reset_password.js';
import { SecurityPage } from '../support/pages/security.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { expectSignedOut, firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const nextPassword = 'another lamp orbit nine';
const secured = 'You said that something was not you.';

/** The mail leads to a new password on `page`, and that signs in. */
async function comeBack(page, inbox, person) {
  const { link } = await inbox.mailTo(person.email, 'password_reset');
  await visit(page, link);
  await new ResetPasswordPage(page).change({ password: nextPassword });
  await new SignInPage(page).signIn({ ...person, password: nextPassword });
  await expect(new DashboardPage(page).greeting(person)).toBeVisible();
}

test('the mail about a new device leads, signed out, to a safe account and a new password', async ({ page, anotherBrowser, inbox, bobSignedIn: bob, complaints }) => {
  const thief = await anotherBrowser(firefox);
  await signIn(thief, bob);
  const { link, text } = await inbox.mailTo(bob.email, 'new_device');
  expect(text).toContain('Firefox on Linux');

  const phone = await anotherBrowser();
  const notMe = new NotMePage(phone);
  await test.step('opening the link says what its button does, and does nothing', async () => {
    for (const _ of ['once', 'twice']) expect((await visit(phone, link)).status()).toBe(200);
    await expect(notMe.heading).toBeVisible();
    for (const said of [
      bob.email,
      'Every device is signed out.',
      'Every personal access token is revoked.',
      'The password no longer works.',
      'You get an email to choose a new one.',
    ]) {
      await expect(phone.getByText(said)).toBeVisible();
    }
    await expect(phone.getByRole('link', { name: 'It was me, after all' })).toHaveAttribute('href', '/');
    await visit(thief, '/account');
    await arrive(thief, '/account');
    expect(await inbox.mailsTo(bob.email, 'password_reset')).toEqual([]);
  });

  await test.step('its button does it, and shows what happened since', async () => {
    await notMe.secure();
    await expect(phone.getByText(bob.email)).toBeVisible();
    await expect(notMe.events.filter({ hasText: secured })).toHaveCount(1);
    const signedIn = notMe.events.filter({ hasText: 'Signed in with the password.' });
    await expect(signedIn).toHaveCount(1);
    await expect(signedIn).toContainText('Firefox on Linux');
  });

  await test.step('every device is out, and the password is of no use', async () => {
    for (const device of [page, thief]) await expectSignedOut(device);
    complaints.expectRefusal(401, '/sign-in');
    expect(await statusAfter(thief, () => new SignInPage(thief).submit(bob))).toBe(401);
  });

  await comeBack(phone, inbox, bob);
  await test.step('used, the link shows the same page and has no button any more', async () => {
    for (const browser of [phone, thief]) {
      expect((await visit(browser, link)).status()).toBe(200);
      await expect(new NotMePage(browser).doneHeading).toBeVisible();
      await expect(new NotMePage(browser).button).toBeHidden();
    }
    await visit(phone, '/account');
    await arrive(phone, '/account');
  });
});

test('the mail about a changed password leads there as well', async ({ page, anotherBrowser, inbox, bobSignedIn: bob }) => {
  const security = new SecurityPage(page);
  await security.open();
  await security.submit(bob.password, 'seven violet umbrellas');
  await expect(page.getByText('Your password is changed', { exact: false })).toBeVisible();
  await hydrated(page);
  const { link } = await inbox.mailTo(bob.email, 'password_changed');
  expect(new URL(link).pathname).toBe('/not-me');

  const elsewhere = await anotherBrowser();
  await visit(elsewhere, link);
  const notMe = new NotMePage(elsewhere);
  await notMe.secure();
  await expect(notMe.events.filter({ hasText: secured })).toHaveCount(1);
  await expectSignedOut(page);
  await comeBack(elsewhere, inbox, bob);
});

test('an event of the activity is opened, and its button signs this device out as well', async ({ page, anotherBrowser, inbox, bobSignedIn: bob, complaints }) => {
  const thief = await anotherBrowser(firefox);
  await signIn(thief, bob);
  const activity = new ActivityPage(page);
  await activity.open();
  const event = activity.events.filter({ hasText: 'Firefox on Linux' });
  await expect(event).toHaveCount(1);

  await test.step('nothing happens before one has read what will', async () => {
    await expect(activity.secureButton(event)).toBeHidden();
    await activity.notMe(event).click();
    await expect(activity.secureButton(event)).toBeVisible();
    await expect(event).toContainText('Every device is signed out, this one too, and your password no longer works.');
    await expect(activity.secureButton(activity.events.last()), 'those of other events').toBeHidden();
    await activity.notMe(event).click();
    await expect(activity.secureButton(event)).toBeHidden();
  });

  await activity.secureBecauseOf(event);
  await arrive(page, '/not-me');
  const notMe = new NotMePage(page);
  await expect(notMe.events.filter({ hasText: secured })).toHaveCount(1);
  await expect(notMe.events.filter({ hasText: 'Firefox on Linux' })).toHaveCount(1);
  for (const device of [page, thief]) await expectSignedOut(device);
  complaints.expectRefusal(401, '/sign-in');
  expect(await statusAfter(page, () => new SignInPage(page).submit(bob))).toBe(401);
  await comeBack(page, inbox, bob);

  await activity.open();
  await expect(activity.events.filter({ hasText: secured })).toHaveCount(1);
});

for (const path of ['/not-me?token=invented', '/not-me']) {
  test(`${path} is no link: said in words, and two ways on`, async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/not-me');
    expect((await visit(page, path)).status()).toBe(410);
    await expect(new NotMePage(page).deadHeading).toBeVisible();
    await expect(page.getByRole('alert')).toContainText('ask for a new password: it signs out every device.');
    const main = page.getByRole('main');
    await expect(main.getByRole('link', { name: 'Sign in' })).toHaveAttribute('href', '/sign-in');
    await main.getByRole('link', { name: 'Forgot your password?' }).click();
    await arrive(page, '/forgot-password');
  });
}

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('says in French that it was somebody else', async ({ page, bob }) => {
    await signIn(page, bob, french);
    const activity = new ActivityPage(page, french);
    await activity.open();
    await activity.secureBecauseOf(activity.events.first());
    const notMe = new NotMePage(page, french);
    await expect(notMe.doneHeading).toBeVisible();
    await expect(notMe.events.filter({ hasText: 'Connexion avec le mot de passe.' })).toHaveCount(1);
  });
});
