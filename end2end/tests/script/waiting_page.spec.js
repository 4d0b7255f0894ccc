// The page that waits for an address to be proved.
import { arrive, hydrated, statusAfter, visit } from '../../support/arrive.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { SignUpPage } from '../../support/pages/sign_up.js';
import { VerifyEmailPage } from '../../support/pages/verify_email.js';
import { expect, test } from '../../support/test.js';

test.beforeEach(async ({ page, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);
});

test('it goes on by itself when the link is used on another device', async ({ page, anotherBrowser, inbox, alice }) => {
  const { link } = await inbox.mailTo(alice.email, 'verify_email');
  const phone = await anotherBrowser();
  await visit(phone, link);
  const behindLink = new VerifyEmailPage(phone);
  await behindLink.password.fill(alice.password);
  await behindLink.confirmAddress.click();
  await arrive(phone, '/sign-in');
  await expect(new SignInPage(phone).email).toHaveValue(alice.email);

  await arrive(page, '/sign-in');
  await expect(page.getByText('Your address is confirmed.')).toBeVisible();
  await expect(new SignInPage(page).email).toHaveValue(alice.email);
});

test('a wrong code says so and keeps the page', async ({ page, inbox, alice, complaints }) => {
  complaints.expectRefusal(422, '/verify-email');
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  const waiting = new VerifyEmailPage(page);
  await waiting.submit(code === '123456' ? '654321' : '123456');
  await expect(waiting.refusal).toContainText('That code is not right.');
  await expect(waiting.code).toBeFocused();
  await expect(waiting.code).toHaveAccessibleDescription(/That code is not right\./);
  await expect(page).toHaveTitle(/^Error: Check your email/);
  await waiting.typeCode(code);
});

test('five wrong codes end the code, and the page says how to go on', async ({ page, inbox, alice, complaints }) => {
  complaints.expectRefusal(422, '/verify-email');
  complaints.expectRefusal(429, '/verify-email');
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  const waiting = new VerifyEmailPage(page);
  const wrong = code === '123456' ? '654321' : '123456';
  const statuses = [];
  for (let tries = 0; tries < 5; tries += 1) statuses.push(await statusAfter(page, () => waiting.submit(wrong)));
  expect(statuses).toEqual([422, 422, 422, 422, 429]);
  await expect(waiting.refusal).toContainText('Too many wrong codes.');
  // Not even the right one works now.
  expect(await statusAfter(page, () => waiting.submit(code))).toBe(429);
  await expect(waiting.refusal).toContainText('Too many wrong codes.');
});

test('a pasted sentence with the code in it is understood', async ({ page, inbox, alice }) => {
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  await new VerifyEmailPage(page).typeCode(`Your code is ${code.slice(0, 3)} ${code.slice(3)}`);
});

test('another mail may be asked for after a countdown, and not before', async ({ page, complaints }) => {
  await page.clock.install();
  await page.reload();
  await hydrated(page);
  const sent = [];
  page.on('request', (request) => request.url().endsWith('/rpc/resend_verification') && sent.push(request));
  const again = page.getByRole('button', { name: /^Send again/ });
  await expect(again).toHaveText(/^Send again in \d+ s$/);
  await expect(again).toBeDisabled();
  const before = await again.innerText();
  await page.clock.runFor(2_000);
  await expect(again).not.toHaveText(before);
  // It can be reached and pressed, and says no.
  await again.press('Enter');
  await page.clock.runFor(30_000);
  await expect(again).toHaveText('Send again');
  await expect(again).toBeEnabled();
  expect(sent).toEqual([]);

  // The time is over for this page only: the server has its own clock, and words.
  complaints.expectRefusal(429, '/verify-email');
  await again.click();
  await expect(page.getByRole('alert')).toContainText(/\d+ s/);
});

test('the link to the field at fault leads there, and the page stays', async ({ page, complaints }) => {
  complaints.expectRefusal(422, '/verify-email');
  const waiting = new VerifyEmailPage(page);
  await statusAfter(page, () => waiting.submit('12'));
  await expect(waiting.code).toHaveAccessibleDescription(/exactly as it is shown/);
  await expect(waiting.code).toHaveAccessibleDescription(/Enter the code exactly/);
  await waiting.refusal.getByRole('link', { name: 'Verification code' }).click();
  await expect(page).toHaveURL(/#code$/);
  await expect(waiting.code).toBeFocused();
  await expect(waiting.heading).toBeVisible();
});

test('the address can be changed', async ({ page, alice }) => {
  await page.getByRole('link', { name: 'Change address' }).click();
  await arrive(page, '/sign-up');
  const signUp = new SignUpPage(page);
  await signUp.signUp({ ...alice, email: `changed-${alice.email}` });
  await expect(page.getByText(`changed-${alice.email}`)).toBeVisible();
});
