// A forgotten password, from the sign-in page to the sign-in with the new one. It runs with
// JavaScript and without: what a person sees and does is the same.
import { arrive, statusAfter, visit } from '../support/arrive.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { ForgotPasswordPage } from '../support/pages/forgot_password.js';
import { ResetPasswordPage } from '../support/pages/reset_password.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const password = 'seven violet umbrellas';

/** Asks for a new password for `person` on `page`. Returns the mail. */
async function ask(page, inbox, person, words) {
  const forgot = new ForgotPasswordPage(page, words);
  await forgot.open();
  await forgot.ask(person);
  return inbox.mailTo(person.email, 'password_reset');
}

test('somebody who forgot the password chooses a new one behind the mailed link', async ({ page, context, anotherBrowser, inbox, bob, complaints }) => {
  const [signIn, reset] = [new SignInPage(page), new ResetPasswordPage(page)];
  const phone = await anotherBrowser();
  const onPhone = new SignInPage(phone);
  await onPhone.open();
  await onPhone.signIn(bob);

  await test.step('the sign-in page leads to a form, and that to a page that waits', async () => {
    await signIn.open();
    await signIn.forgotLink.click();
    await arrive(page, '/forgot-password');
    await new ForgotPasswordPage(page).ask(bob);
    await expect(reset.heading).toBeVisible();
    await expect(page.getByText(bob.email)).toBeVisible();
  });

  const { link } = await inbox.mailTo(bob.email, 'password_reset');
  await test.step('opening the link changes nothing', async () => {
    for (const _ of ['once', 'twice']) expect((await context.request.get(link)).status()).toBe(200);
    await visit(phone, '/dashboard');
    await expect(new DashboardPage(phone).greeting(bob)).toBeVisible();
  });

  await test.step('the new password leads to the sign-in page, with the address filled in', async () => {
    await visit(page, link);
    await expect(reset.linkHeading).toBeVisible();
    await expect(page.getByText(bob.email)).toBeVisible();
    await reset.change({ password });
    await expect(page.getByText('Your password was changed and every device signed out.')).toBeVisible();
    await expect(signIn.email).toHaveValue(bob.email);
  });

  await test.step('the other device is signed out at its next request', async () => {
    await visit(phone, '/dashboard');
    await arrive(phone, '/sign-in');
  });

  await test.step('the old password is refused, the new one signs in', async () => {
    complaints.expectRefusal(401, '/sign-in');
    expect(await statusAfter(page, () => signIn.submit(bob))).toBe(401);
    await expect(signIn.refusal).toContainText('The email or password is incorrect.');
    await signIn.signIn({ ...bob, password });
    await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
  });
  await inbox.mailTo(bob.email, 'password_changed');
});

test('the mailed code does the same, and is kept while the password beside it is refused', async ({ page, inbox, bob, complaints }) => {
  const reset = new ResetPasswordPage(page);
  const { code } = await ask(page, inbox, bob);
  complaints.expectRefusal(422, '/reset-password');

  const wrong = code === '123456' ? '654321' : '123456';
  expect(await statusAfter(page, () => reset.submit({ code: wrong, password }))).toBe(422);
  await expect(reset.refusal).toContainText('That code is not right.');
  await expect(reset.code).toHaveAttribute('aria-invalid', 'true');
  await expect(reset.code).toHaveValue('');
  await expect(page).toHaveTitle(/^Error: Check your email/);

  expect(await statusAfter(page, () => reset.submit({ code, password: 'password1234' }))).toBe(422);
  await expect(reset.newPassword).toHaveAccessibleDescription(/easy to guess/);
  await expect(reset.newPassword).toHaveValue('');
  await expect(reset.code).toHaveValue(code);
  expect(page.url()).not.toContain(code);

  await reset.change({ password });
  await expect(page.getByText('Your password was changed')).toBeVisible();
  await new SignInPage(page).signIn({ ...bob, password });
});

test('a refused password behind the link says why, and the link still works', async ({ page, inbox, bob, complaints }) => {
  const reset = new ResetPasswordPage(page);
  const { link } = await ask(page, inbox, bob);
  await visit(page, link);
  complaints.expectRefusal(422, '/reset-password');
  expect(await statusAfter(page, () => reset.submit({ password: 'password1234' }))).toBe(422);
  await expect(reset.linkHeading).toBeVisible();
  await expect(reset.newPassword).toHaveAccessibleDescription(/easy to guess/);
  await reset.refusal.getByRole('link', { name: 'New password' }).click();
  await expect(reset.newPassword).toBeFocused();
  await reset.change({ password });
});

test('an address without an account is told so by mail alone, and the page is the same', async ({ page, inbox, alice, bob }) => {
  const forgot = new ForgotPasswordPage(page);
  const shownTo = async (person) => {
    await forgot.open();
    await forgot.ask(person);
    return (await page.getByRole('main').innerText()).replaceAll(person.email, '');
  };
  expect(await shownTo(alice)).toBe(await shownTo(bob));
  const mail = await inbox.mailTo(alice.email, 'no_account');
  expect(mail.text).toContain('/sign-up');
  expect(await inbox.mailsTo(alice.email, 'password_reset')).toEqual([]);
});

test('a link that was used says so and leads on', async ({ page, inbox, bob, complaints }) => {
  const reset = new ResetPasswordPage(page);
  const { link } = await ask(page, inbox, bob);
  await visit(page, link);
  await reset.change({ password });

  complaints.expectRefusal(410, '/reset-password');
  expect((await visit(page, link)).status()).toBe(410);
  await expect(page.getByRole('heading', { level: 1, name: 'This link no longer works' })).toBeVisible();
  await expect(page.getByText('is older than 10 minutes')).toBeVisible();
  await reset.askAgain.click();
  await arrive(page, '/forgot-password');
});

test('a page that waits for a code says so when the code is of no use any more', async ({ page, context, inbox, bob, complaints }) => {
  const { link, code } = await ask(page, inbox, bob);
  const tab = await context.newPage();
  await visit(tab, link);
  // Another tab was faster.
  await new ResetPasswordPage(tab).change({ password });

  complaints.expectRefusal(410, '/reset-password');
  const reset = new ResetPasswordPage(page);
  expect(await statusAfter(page, () => reset.submit({ code, password: 'another violet umbrella' }))).toBe(410);
  await expect(reset.refusal).toContainText('was already used');
  await reset.askAgain.click();
  await arrive(page, '/forgot-password');
});

test('five wrong codes end the code, and another mail is the way on', async ({ page, inbox, bob, complaints }) => {
  complaints.expectRefusal(422, '/reset-password');
  complaints.expectRefusal(429, '/reset-password');
  const reset = new ResetPasswordPage(page);
  const { code } = await ask(page, inbox, bob);
  const wrong = { code: code === '123456' ? '654321' : '123456', password };
  const statuses = [];
  for (let tries = 0; tries < 5; tries += 1) statuses.push(await statusAfter(page, () => reset.submit(wrong)));
  expect(statuses).toEqual([422, 422, 422, 422, 429]);
  await expect(page.getByText('Too many wrong codes.')).toBeVisible();
  await expect(reset.code).toBeHidden();

  await reset.again.click();
  await expect(page.getByText('Use the newest one.')).toBeVisible();
  const mails = () => inbox.mailsTo(bob.email, 'password_reset');
  await expect.poll(async () => (await mails()).length).toBe(2);
  await reset.change({ code: (await mails())[0].code, password });
});

test('sent again, only the newest mail works', async ({ page, inbox, bob, complaints }) => {
  const older = await ask(page, inbox, bob);
  const reset = new ResetPasswordPage(page);
  await reset.again.click();
  await expect(page.getByText('Use the newest one.')).toBeVisible();
  await expect(page.getByText(bob.email)).toBeVisible();
  await expect.poll(async () => (await inbox.mailsTo(bob.email, 'password_reset')).length).toBe(2);
  complaints.expectRefusal(410, '/reset-password');
  expect((await visit(page, older.link)).status()).toBe(410);
});

test('another address may be used', async ({ page, inbox, alice, bob }) => {
  const forgot = new ForgotPasswordPage(page);
  await forgot.open();
  await forgot.ask(alice);
  await page.getByRole('link', { name: 'Use another address' }).click();
  await arrive(page, '/forgot-password');
  await expect(forgot.email).toHaveValue(alice.email);
  await forgot.ask(bob);
  await expect(page.getByText(bob.email)).toBeVisible();
  await inbox.mailTo(bob.email, 'password_reset');
});

test('what is no address is refused beside the field', async ({ page, complaints }) => {
  complaints.expectRefusal(422, '/forgot-password');
  const forgot = new ForgotPasswordPage(page);
  await forgot.open();
  expect(await statusAfter(page, () => forgot.submit({ email: 'alice@example' }))).toBe(422);
  await expect(forgot.email).toHaveAccessibleDescription(/Enter an address like name@example\.com\./);
  await expect(forgot.email).toHaveValue('alice@example');
});

test('the address of a refused sign-in is filled in already', async ({ page, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  const signIn = new SignInPage(page);
  await signIn.open();
  expect(await statusAfter(page, () => signIn.submit({ ...bob, password: 'forgotten' }))).toBe(401);
  await signIn.forgotLink.click();
  await arrive(page, '/forgot-password');
  await expect(new ForgotPasswordPage(page).email).toHaveValue(bob.email);
});

test('where nothing waits the page leads to the form', async ({ page }) => {
  expect((await visit(page, '/reset-password')).status()).toBe(200);
  await new ResetPasswordPage(page).askAgain.click();
  await arrive(page, '/forgot-password');
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('meets French on the way to a new password', async ({ page, inbox, bob, complaints }) => {
    const [signIn, reset] = [new SignInPage(page, french), new ResetPasswordPage(page, french)];
    await signIn.open();
    await signIn.forgotLink.click();
    await arrive(page, '/forgot-password');
    await expect(new ForgotPasswordPage(page, french).heading).toBeVisible();
    await new ForgotPasswordPage(page, french).ask(bob);
    await expect(reset.heading).toBeVisible();
    const { code } = await inbox.mailTo(bob.email, 'password_reset');
    complaints.expectRefusal(422, '/reset-password');
    await statusAfter(page, () => reset.submit({ code, password: 'password1234' }));
    await expect(reset.newPassword).toHaveAccessibleDescription(/facile à deviner/);
    await reset.change({ password });
    await expect(page.getByText('Votre mot de passe a été changé')).toBeVisible();
    await signIn.signIn({ ...bob, password });
  });
});
