// Without JavaScript a refused form comes back as a page: with the right status, with words, and
// with what was typed, except the password.
import { arrive, statusAfter } from '../../support/arrive.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { SignUpPage } from '../../support/pages/sign_up.js';
import { VerifyEmailPage } from '../../support/pages/verify_email.js';
import { expect, test } from '../../support/test.js';

test('a refused sign-up keeps name and address, and says what is wrong', async ({ page, alice, complaints }) => {
  complaints.expectRefusal(422, '/sign-up');
  const signUp = new SignUpPage(page);
  await signUp.open();
  expect(await statusAfter(page, () => signUp.submit({ ...alice, password: 'short' }))).toBe(422);
  await arrive(page, '/sign-up');

  await expect(signUp.refusal).toContainText('Some fields need another look.');
  await expect(signUp.password).toHaveAccessibleDescription(/Use at least 12 characters\./);
  await expect(signUp.password).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('12 characters'), 'the rule, said once').toHaveCount(1);
  await signUp.refusal.getByRole('link', { name: 'Password' }).click();
  await expect(signUp.password).toBeFocused();
  await expect(page).toHaveTitle(/^Error: Create account/);
  await expect(signUp.name).toHaveValue(alice.name);
  await expect(signUp.email).toHaveValue(alice.email);
  await expect(signUp.password).toHaveValue('');
  expect(page.url()).not.toContain('short');

  await signUp.signUp(alice);
});

test('every empty field is named at once', async ({ page, complaints }) => {
  complaints.expectRefusal(422, '/sign-up');
  const signUp = new SignUpPage(page);
  await signUp.open();
  expect(await statusAfter(page, () => signUp.button.click())).toBe(422);
  for (const field of [signUp.name, signUp.email, signUp.password]) {
    await expect(field).toHaveAccessibleDescription(/Fill this in\./);
  }
});

test('a password that is guessed first is refused in words', async ({ page, alice, complaints }) => {
  complaints.expectRefusal(422, '/sign-up');
  const signUp = new SignUpPage(page);
  await signUp.open();
  expect(await statusAfter(page, () => signUp.submit({ ...alice, password: 'password1234' }))).toBe(422);
  await expect(signUp.password).toHaveAccessibleDescription(/easy to guess/);
});

test('a wrong password keeps the address and the page to go to', async ({ page, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  const signIn = new SignInPage(page);
  await signIn.open('/sign-in?next=%2Fdashboard%3Ffrom%3Dform');
  expect(await statusAfter(page, () => signIn.submit({ ...bob, password: 'not the password' }))).toBe(401);
  await arrive(page, '/sign-in');

  await expect(signIn.refusal).toContainText('The email or password is incorrect.');
  await expect(signIn.password).toHaveAttribute('aria-invalid', 'true');
  await expect(signIn.password).toHaveAccessibleDescription(/The email or password is incorrect\./);
  await expect(page).toHaveTitle(/^Error: Sign in/);
  await expect(signIn.email).toHaveValue(bob.email);
  await expect(signIn.password).toHaveValue('');

  await signIn.password.fill(bob.password);
  await signIn.button.click();
  await expect(page).toHaveURL('/dashboard?from=form');
});

test('a wrong code is refused, and the right one still works', async ({ page, inbox, alice, complaints }) => {
  complaints.expectRefusal(422, '/verify-email');
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  const wrong = code === '123456' ? '654321' : '123456';

  const waiting = new VerifyEmailPage(page);
  expect(await statusAfter(page, () => waiting.submit(wrong))).toBe(422);
  await expect(waiting.refusal).toContainText('That code is not right.');
  await expect(page.getByText(alice.email)).toBeVisible();
  await waiting.typeCode(`${code.slice(0, 3)} ${code.slice(3)}`);
});

test('asking for another mail too soon is refused in words', async ({ page, alice, complaints }) => {
  complaints.expectRefusal(429, '/verify-email');
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);
  const again = page.getByRole('button', { name: /^Send again/ });
  expect(await statusAfter(page, () => again.click())).toBe(429);
  await expect(new VerifyEmailPage(page).refusal).toContainText(/\d+ s/);
});

test('the button that shows the password is not there: nothing would happen', async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await expect(signIn.password).toBeVisible();
  await expect(page.getByText('Show', { exact: true })).toBeHidden();
});
