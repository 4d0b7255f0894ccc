// Another address, from the profile to the sign-in with it, and the way back for who did not want it.
// It runs with JavaScript and without.
import { arrive, statusAfter, visit } from '../support/arrive.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { EmailPage } from '../support/pages/email.js';
import { ProfilePage } from '../support/pages/profile.js';
import { ResetPasswordPage } from '../support/pages/reset_password.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { UndoEmailChangePage } from '../support/pages/undo_email_change.js';
import { createAccount, newcomer } from '../support/people.js';
import { expectSignedOut } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

const nextPassword = 'another lamp orbit nine';
const wrongFor = (code) => (code === '123456' ? '654321' : '123456');

/** Gives the person who is signed in on `page` the address `email`, by the mailed code. */
async function changeAddress(page, inbox, email) {
  const form = new EmailPage(page);
  await form.open();
  await form.ask(email);
  const { code } = await inbox.mailTo(email, 'confirm_email');
  await form.typeCode(code, email);
}

test('another address is asked for from the profile, called off, asked for again, and proved by the mailed code', async ({ page, inbox, alice, bobSignedIn: bob, complaints }) => {
  const [profile, email] = [new ProfilePage(page), new EmailPage(page)];
  await test.step('the profile leads there', async () => {
    await profile.open();
    await profile.changeAddress.click();
    await arrive(page, '/account/email');
    await expect(email.heading).toBeVisible();
    await expect(email.current).toContainText(bob.email);
    await expect(page.locator('nav [aria-current="page"]')).toHaveText('Profile');
    await expect(email.waiting).toBeHidden();
  });

  await test.step('it waits until it is confirmed', async () => {
    await email.ask(alice.email);
    await expect(page.getByText('Nothing changes until it is confirmed.')).toBeVisible();
    await expect(email.current).toContainText(bob.email);
    await expect(email.code).toHaveAttribute('autocomplete', 'one-time-code');
  });

  const { link: older } = await inbox.mailTo(alice.email, 'confirm_email');
  await test.step('called off, its link no longer works', async () => {
    await email.cancel();
    await expect(page.getByText('The change is cancelled.')).toBeVisible();
    await expect(email.current).toContainText(bob.email);
    complaints.expectRefusal(410, '/account/email');
    expect((await visit(page, older)).status()).toBe(410);
    await expect(email.refusal).toContainText('This link was already used, was cancelled');
    await expect(email.useAddress).toBeHidden();
  });

  await email.ask(alice.email);
  const mails = () => inbox.mailsTo(alice.email, 'confirm_email');
  await expect.poll(async () => (await mails()).length).toBe(2);
  const [{ code }] = await mails();

  await test.step('a wrong code is refused at its field, and nothing changes', async () => {
    complaints.expectRefusal(422, '/account/email');
    expect(await statusAfter(page, () => email.submitCode(wrongFor(code)))).toBe(422);
    await arrive(page, '/account/email');
    await expect(email.refusal).toContainText('That code is not right.');
    await expect(email.code).toHaveAttribute('aria-invalid', 'true');
    await expect(email.code).toHaveAccessibleDescription(/That code is not right\./);
    await expect(email.newEmail).not.toHaveAttribute('aria-invalid');
    await expect(email.current).toContainText(bob.email);
    await expect(page).toHaveTitle(/^Error: Profile/);
  });

  await test.step('the right one changes the address, and the old one is told', async () => {
    await email.typeCode(code, alice.email);
    await expect(page.getByText('Your address is changed.')).toBeVisible();
    await expect(email.waiting).toBeHidden();
    await expect(email.current).toContainText('Can be undone by email from');
    const mail = await inbox.mailTo(bob.email, 'email_changed');
    expect(mail.text).toContain(alice.email);
    expect(new URL(mail.link).pathname).toBe('/undo-email-change');
  });

  await test.step('one signs in with the new address, and no more with the old one', async () => {
    await new DashboardPage(page).signOut();
    const signIn = new SignInPage(page);
    complaints.expectRefusal(401, '/sign-in');
    expect(await statusAfter(page, () => signIn.submit(bob))).toBe(401);
    await signIn.signIn({ ...bob, email: alice.email });
    await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
  });
});

test('the mailed link works where one is signed in: opening it changes nothing, its button does', async ({ page, anotherBrowser, inbox, alice, bobSignedIn: bob, complaints }) => {
  const email = new EmailPage(page);
  await email.open();
  await email.ask(alice.email);
  const { link } = await inbox.mailTo(alice.email, 'confirm_email');

  await test.step('opening the link changes nothing', async () => {
    for (const _ of ['once', 'twice']) {
      expect((await visit(page, link)).status()).toBe(200);
      await expect(email.useAddress).toBeVisible();
    }
    await email.open();
    await expect(email.current).toContainText(bob.email);
    await expect(email.waiting).toContainText(alice.email);
  });

  const phone = await anotherBrowser();
  const onPhone = new EmailPage(phone);
  await test.step('signed out it asks for the sign-in, and is where that leads', async () => {
    await visit(phone, link);
    await arrive(phone, '/sign-in');
    await new SignInPage(phone).signIn(bob, '/account/email');
    await expect(phone.getByRole('main').getByText(alice.email)).toBeVisible();
    await onPhone.confirmByLink(alice.email);
    await expect(phone.getByText('Your address is changed.')).toBeVisible();
  });

  await test.step('used, it says so, and the other browser stays signed in', async () => {
    complaints.expectRefusal(410, '/account/email');
    expect((await visit(page, link)).status()).toBe(410);
    await expect(email.refusal).toContainText('This link was already used');
    await expect(email.current).toContainText(alice.email);
  });
});

test('the link of somebody else’s change is of no use', async ({ page, anotherBrowser, server, inbox, alice, bobSignedIn: _bob, complaints }) => {
  const wanted = newcomer('Claire Petit').email;
  const email = new EmailPage(page);
  await email.open();
  await email.ask(wanted);
  const { link } = await inbox.mailTo(wanted, 'confirm_email');

  await createAccount(server, inbox, alice);
  const elsewhere = await anotherBrowser();
  const signIn = new SignInPage(elsewhere);
  await signIn.open();
  await signIn.signIn(alice);
  complaints.expectRefusal(410, '/account/email');
  expect((await visit(elsewhere, link)).status()).toBe(410);
  await expect(new EmailPage(elsewhere).useAddress).toBeHidden();
  await expect(elsewhere.getByText(wanted)).toBeHidden();
});

test('the old address takes itself back: everything is signed out, and a mail leads to a new password', async ({ page, anotherBrowser, inbox, alice, bobSignedIn: bob, complaints }) => {
  await changeAddress(page, inbox, alice.email);
  const { link } = await inbox.mailTo(bob.email, 'email_changed');
  const elsewhere = await anotherBrowser();
  const [undo, signIn] = [new UndoEmailChangePage(elsewhere), new SignInPage(elsewhere)];

  await test.step('opening the link changes nothing', async () => {
    for (const _ of ['once', 'twice']) expect((await visit(elsewhere, link)).status()).toBe(200);
    await expect(undo.heading).toBeVisible();
    for (const said of [alice.email, bob.email, 'Every device is signed out.', 'The password no longer works.']) {
      await expect(elsewhere.getByText(said)).toBeVisible();
    }
    const email = new EmailPage(page);
    await email.open();
    await expect(email.current).toContainText(alice.email);
  });

  await test.step('its button leads to the sign-in page, with the old address filled in', async () => {
    await undo.undo();
    await expect(elsewhere.getByText('Your old address is back and every device signed out.')).toBeVisible();
    await expect(signIn.email).toHaveValue(bob.email);
    await expectSignedOut(page);
    await inbox.mailTo(alice.email, 'email_removed');
  });

  await test.step('the old password is refused, with either address', async () => {
    complaints.expectRefusal(401, '/sign-in');
    for (const email of [bob.email, alice.email]) {
      expect(await statusAfter(elsewhere, () => signIn.submit({ ...bob, email })), email).toBe(401);
    }
  });

  await test.step('a used link says so and leads on', async () => {
    complaints.expectRefusal(410, '/undo-email-change');
    for (const dead of [link, '/undo-email-change?token=invented', '/undo-email-change']) {
      expect((await visit(elsewhere, dead)).status(), dead).toBe(410);
      await expect(undo.deadHeading).toBeVisible();
    }
    await elsewhere.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await arrive(elsewhere, '/sign-in');
  });

  await test.step('the mail leads to a new password, which signs in', async () => {
    const mail = await inbox.mailTo(bob.email, 'password_reset');
    await visit(elsewhere, mail.link);
    await new ResetPasswordPage(elsewhere).change({ password: nextPassword });
    await signIn.signIn({ ...bob, password: nextPassword });
    await expect(new DashboardPage(elsewhere).greeting(bob)).toBeVisible();
  });
});

test('an address that has an account gets the same page, and another mail', async ({ page, server, inbox, alice, bobSignedIn: _bob }) => {
  await createAccount(server, inbox, alice);
  const free = newcomer('Claire Petit').email;
  const email = new EmailPage(page);
  const shownFor = async (wanted) => {
    await email.open();
    await email.ask(wanted);
    const words = await page.getByRole('main').innerText();
    return words.replaceAll(wanted, '').replace(/until .+ UTC/, 'until then');
  };
  expect(await shownFor(alice.email)).toBe(await shownFor(free));
  await inbox.mailTo(free, 'confirm_email');
  const mail = await inbox.mailTo(alice.email, 'email_taken');
  expect(mail.code ?? null).toBeNull();
  expect(mail.text).toContain('/sign-in');
  expect(await inbox.mailsTo(alice.email, 'confirm_email')).toEqual([]);
});

test('the address of today is no other one', async ({ page, bobSignedIn: bob, complaints }) => {
  complaints.expectRefusal(422, '/account/email');
  const email = new EmailPage(page);
  await email.open();
  expect(await statusAfter(page, () => email.submit(bob.email))).toBe(422);
  await expect(email.newEmail).toHaveAccessibleDescription(/This is your current address\. Enter another one\./);
  await expect(email.newEmail).toHaveValue(bob.email);
  await email.refusal.getByRole('link', { name: 'Email' }).click();
  await expect(email.newEmail).toBeFocused();
});

test('five wrong codes end the code, and asking again is the way on', async ({ page, inbox, alice, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account/email');
  complaints.expectRefusal(429, '/account/email');
  const email = new EmailPage(page);
  await email.open();
  await email.ask(alice.email);
  const { code } = await inbox.mailTo(alice.email, 'confirm_email');
  const statuses = [];
  for (let tries = 0; tries < 5; tries += 1) {
    statuses.push(await statusAfter(page, () => email.submitCode(wrongFor(code))));
  }
  expect(statuses).toEqual([422, 422, 422, 422, 429]);
  await expect(email.code).toBeHidden();
  await expect(email.waiting).toContainText('Too many wrong codes.');

  await email.submit(alice.email);
  await expect(email.code).toBeVisible();
});
