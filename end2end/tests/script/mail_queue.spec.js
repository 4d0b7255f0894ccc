// The queue of mails, with a real mail server that refuses some: what support sees of one, and sending it again.
// Nothing here depends on scripts in pages, so it runs in one of the two projects.
import { visit } from '../../support/arrive.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { makeAdministrator, newcomer, signUp, verifyEmail } from '../../support/people.js';
import { trouble } from '../../support/smtp.js';
import { expect, test } from '../../support/smtp_test.js';

test('a mail that is refused waits, is shown without its content, and leaves when it is sent again', async ({ mailing, page, alice }) => {
  const { smtp, server } = await mailing('starttls');
  const zoe = newcomer('Zoe King');
  await signUp(server, zoe);
  await verifyEmail(server, zoe, (await smtp.mailTo(zoe.email)).code);
  await makeAdministrator(server, zoe);
  await visit(page, `${server.url}/sign-in`);
  await new SignInPage(page).signIn(zoe);

  // Refused often enough for the page to show it: 5 seconds after the first, and 10 after the second.
  smtp.prepare(alice.email, trouble.refusal, trouble.refusal, trouble.refusal);
  await signUp(server, alice);
  const row = page.getByRole('row').filter({ hasText: `${alice.email[0]}•••@example.com` });
  await expect(async () => {
    await visit(page, `${server.url}/admin/mails?state=waiting`);
    await expect(row).toContainText('Come back later', { timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await expect(row).toContainText('verify_email');
  await expect(row).toContainText('Waiting');
  expect(await page.content()).not.toContain(alice.email);

  smtp.prepare(alice.email);
  await row.getByRole('button', { name: 'Send again', exact: true }).click();
  await expect(page.getByText('The email leaves at once.')).toBeVisible();
  await smtp.mailTo(alice.email);
  await visit(page, `${server.url}/admin/mails?state=sent`);
  await expect(row).toContainText('Sent');
  await expect(row.getByRole('button')).toHaveCount(0);
});

test('a mail that waits is dropped, and nobody gets it', async ({ mailing, page, alice }) => {
  const { smtp, server } = await mailing('starttls');
  const zoe = newcomer('Zoe King');
  await signUp(server, zoe);
  await verifyEmail(server, zoe, (await smtp.mailTo(zoe.email)).code);
  await makeAdministrator(server, zoe);
  await visit(page, `${server.url}/sign-in`);
  await new SignInPage(page).signIn(zoe);

  smtp.prepare(alice.email, trouble.refusal);
  await signUp(server, alice);
  const row = page.getByRole('row').filter({ hasText: `${alice.email[0]}•••@example.com` });
  await expect(async () => {
    await visit(page, `${server.url}/admin/mails`);
    await expect(row.filter({ hasText: 'Come back later' })).toHaveCount(1, { timeout: 500 });
  }).toPass({ timeout: 4_000 });
  await row.filter({ hasText: 'Come back later' }).getByRole('button', { name: 'Drop', exact: true }).click();
  await expect(page.getByText('The email is dropped: nobody gets it.')).toBeVisible();
  // Longer than the first wait.
  await page.waitForTimeout(7_000);
  expect(smtp.mailsTo(alice.email)).toEqual([]);
});
