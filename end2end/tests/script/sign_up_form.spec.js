// The small things of the sign-up form that people notice.
import { SignUpPage } from '../../support/pages/sign_up.js';
import { expect, test } from '../../support/test.js';

test('the button shows and hides the password and keeps its text', async ({ page, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.password.fill(alice.password);
  await expect(signUp.password).toHaveAttribute('type', 'password');

  const show = page.getByRole('button', { name: 'Show password', exact: true });
  const hide = page.getByRole('button', { name: 'Hide password', exact: true });
  await show.click();
  await expect(signUp.password).toHaveAttribute('type', 'text');
  await expect(signUp.password).toHaveValue(alice.password);
  await expect(show).toBeHidden();
  await hide.click();
  await expect(signUp.password).toHaveAttribute('type', 'password');
  await expect(signUp.password).toHaveValue(alice.password);
  await expect(show).toBeVisible();
});

test('the strength is said in words while typing', async ({ page }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  const field = page.locator('.field').filter({ has: signUp.password });
  const hint = field.getByRole('status').filter({ hasText: /./ });
  await expect(hint).toHaveCount(0);
  for (const [typed, words] of [
    ['trombone', 'Too short: 4 more to go.'],
    ['aaaaaaaaaaaaaaaa', 'Long enough, but easy to guess. Add another word.'],
    ['trombone lamp', 'Good password.'],
    ['correct horse battery staple', 'Strong password.'],
  ]) {
    await signUp.password.fill(typed);
    await expect(hint).toHaveText(words);
  }
  await signUp.password.fill('');
  await expect(hint).toHaveCount(0);
});

test('a password can be pasted', async ({ page, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.name.fill(alice.password);
  await signUp.name.press('ControlOrMeta+a');
  await signUp.name.press('ControlOrMeta+x');
  await signUp.password.press('ControlOrMeta+v');
  await expect(signUp.password).toHaveValue(alice.password);
  await expect(page.getByText('Strong password.')).toBeVisible();
});

test('what the browser can see is refused before anything is sent', async ({ page, alice }) => {
  const sent = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.submit({ name: '', email: 'alice@example', password: 'short' });

  await expect(signUp.refusal).toContainText('Some fields need another look.');
  await expect(signUp.name).toHaveAccessibleDescription(/Fill this in\./);
  await expect(signUp.email).toHaveAccessibleDescription(/Enter an address like name@example\.com\./);
  await expect(signUp.password).toHaveAccessibleDescription(/Use at least 12 characters\./);
  await expect(page).toHaveTitle(/^Error: Create account/);
  await expect(signUp.name, 'the first field at fault').toBeFocused();
  expect(sent).toEqual([]);

  await signUp.signUp(alice);
});

test('the rule is said once: by the error, and from the first change on by hint and strength', async ({ page, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.submit({ ...alice, password: 'short' });
  await expect(page.getByText('12 characters')).toHaveText('Use at least 12 characters.');
  await expect(page.getByText('Too short')).toBeHidden();

  await signUp.refusal.getByRole('link', { name: 'Password' }).click();
  await expect(signUp.password).toBeFocused();
  await page.keyboard.type(' password');
  await expect(page.getByText('Use at least 12 characters.')).toBeHidden();
  await expect(signUp.password).not.toHaveAttribute('aria-invalid');
  await expect(signUp.password).toHaveAccessibleDescription(/^At least 12 characters\./);
});

test('what only the server knows is refused beside the field', async ({ page, alice, complaints }) => {
  complaints.expectRefusal(422, '/sign-up');
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.submit({ ...alice, password: 'password1234' });
  await expect(signUp.password).toHaveAccessibleDescription(/easy to guess/);
  await expect(signUp.password).toBeFocused();
  await expect(signUp.name).toHaveValue(alice.name);
  await expect(signUp.email).toHaveValue(alice.email);
});

test('the name and the address stay out of the password', async ({ page, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.submit({ ...alice, password: 'martin is my name' });
  await expect(signUp.password).toHaveAccessibleDescription(/Leave your name out of the password\./);
  await signUp.submit({ ...alice, password: `${alice.email} indeed` });
  await expect(signUp.password).toHaveAccessibleDescription(/Leave your email address out of the password\./);
});

test('password managers find their fields', async ({ page }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await expect(signUp.name).toHaveAttribute('autocomplete', 'name');
  await expect(signUp.email).toHaveAttribute('autocomplete', 'username');
  await expect(signUp.password).toHaveAttribute('autocomplete', 'new-password');
  await expect(signUp.password).toHaveAttribute('id', 'new-password');
  await expect(signUp.password).toHaveAttribute('passwordrules', /minlength: 12/);
});
