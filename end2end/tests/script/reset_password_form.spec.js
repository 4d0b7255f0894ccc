// The small things of the forms for a new password that people notice.
import { visit } from '../../support/arrive.js';
import { ForgotPasswordPage } from '../../support/pages/forgot_password.js';
import { ResetPasswordPage } from '../../support/pages/reset_password.js';
import { expect, test } from '../../support/test.js';

test.beforeEach(async ({ page, bob }) => {
  const forgot = new ForgotPasswordPage(page);
  await forgot.open();
  await forgot.ask(bob);
});

test('what can be seen here is refused before it is sent, and nothing typed is lost', async ({ page }) => {
  const sent = [];
  page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
  const reset = new ResetPasswordPage(page);
  await reset.submit({ code: '12', password: 'short' });
  await expect(reset.code).toHaveAccessibleDescription(/exactly as it is shown/);
  await expect(reset.code).toHaveAccessibleDescription(/Enter the code exactly/);
  await expect(reset.newPassword).toHaveAccessibleDescription(/Use at least 12 characters\./);
  await expect(reset.code, 'the first field at fault').toBeFocused();
  await expect(reset.code).toHaveValue('12');
  await expect(reset.newPassword).toHaveValue('short');
  await expect(page).toHaveTitle(/^Error: Check your email/);

  await reset.refusal.getByRole('link', { name: 'New password' }).click();
  await expect(reset.newPassword).toBeFocused();
  await reset.refusal.getByRole('link', { name: 'Verification code' }).click();
  await expect(reset.code).toBeFocused();
  expect(sent).toEqual([]);
});

test('the strength is said while typing, and the address adds none', async ({ page, inbox, bob }) => {
  const { link } = await inbox.mailTo(bob.email, 'password_reset');
  await visit(page, link);
  const reset = new ResetPasswordPage(page);
  const hint = page.getByRole('status').filter({ hasText: /./ });
  await reset.newPassword.fill('seven violet umbrellas');
  await expect(hint).toHaveText('Strong password.');
  await reset.newPassword.fill(`${bob.email.split('@')[0]} and nobody else`);
  await expect(hint).toHaveText('Long enough, but easy to guess. Add another word.');
});

test('password managers find the field and whose it is', async ({ page, inbox, bob }) => {
  const expectFields = async () => {
    const { newPassword } = new ResetPasswordPage(page);
    await expect(newPassword).toHaveAttribute('autocomplete', 'new-password');
    await expect(newPassword).toHaveAttribute('id', 'new-password');
    await expect(newPassword).toHaveAttribute('name', 'new_password');
    await expect(newPassword).toHaveAttribute('passwordrules', /minlength: 12/);
    await expect(page.locator('main [autocomplete=username]')).toHaveValue(bob.email);
  };
  await expectFields();
  await expect(new ResetPasswordPage(page).code).toHaveAttribute('autocomplete', 'one-time-code');
  const { link } = await inbox.mailTo(bob.email, 'password_reset');
  await visit(page, link);
  await expectFields();
});
