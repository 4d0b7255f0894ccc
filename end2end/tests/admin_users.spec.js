// Accounts in the hands of an administrator: found, suspended, acted on together, seen through their eyes.
// It runs with JavaScript and without.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { arrive, statusAfter, visit } from '../support/arrive.js';
import { AdminUserPage } from '../support/pages/admin_user.js';
import { AdminUsersPage } from '../support/pages/admin_users.js';
import { ProfilePage } from '../support/pages/profile.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { createAccount, makeAdministrator, newcomer } from '../support/people.js';
import { expectSignedOut, firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

/** A word that is in nobody else's name. */
const rare = () => randomBytes(4).toString('hex');

test.beforeEach(async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
});

test('people are found by a part of their name, whatever its accents, and by how they stand', async ({ page, server, inbox }) => {
  const word = rare();
  const carol = await createAccount(server, inbox, newcomer(`Carol Été${word}`));
  const users = new AdminUsersPage(page);
  await users.open();
  for (const sought of [`été${word}`, `ETE${word.slice(0, 5)}`, word.slice(1), carol.email.slice(2)]) {
    await users.search(sought);
    await expect(users.rows, sought).toHaveCount(1);
    await expect(users.rows, sought).toContainText(carol.name);
  }
  await users.filter({ role: 'user', state: 'active', second_factor: 'without' });
  await expect(users.rows).toHaveCount(1);
  await users.filter({ state: 'suspended' });
  await expect(users.none).toContainText('No account matches.');
  await expect(users.field, 'what was sought stays').toHaveValue(carol.email.slice(2));
  await page.getByRole('link', { name: 'Show everybody' }).click();
  await expect(page).toHaveURL(/\/admin\/users$/);

  await test.step('the list as a file holds those who are listed', async () => {
    await users.search(word);
    const download = page.waitForEvent('download');
    await users.exportLink.click();
    const file = await readFile(await (await download).path(), 'utf8');
    const lines = file.trim().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toBe('id,email,name,role,state,created_at,second_factors,live_sessions');
    expect(lines[1]).toContain(carol.email);
  });
});

test('a suspension shuts somebody out at once, says why, and is taken back', async ({ page, server, inbox, anotherBrowser, complaints }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const hers = await anotherBrowser(firefox);
  await signIn(hers, carol);
  await new AdminUsersPage(page).openAccount(carol);
  const account = new AdminUserPage(page);

  await test.step('colleagues are told why', async () => {
    complaints.expectRefusal(422, new URL(page.url()).pathname);
    expect(await statusAfter(page, () => account.suspend({ note: '', reason: 'Too many mails.' }))).toBe(422);
    await expect(account.note).toHaveAttribute('aria-invalid', 'true');
    await expect(account.reason, 'what was typed stays').toHaveValue('Too many mails.');
  });

  await account.suspend({ note: 'Ticket 4711', reason: 'Too many mails.' });
  await account.says('The account is suspended. Every device is signed out, and the person was told by email.');
  await expect(account.main).toContainText('Ticket 4711');
  await expectSignedOut(hers);
  const mail = await inbox.mailTo(carol.email, 'account_suspended');
  expect(mail.text).toContain('Too many mails.');
  expect(mail.text).not.toContain('4711');
  complaints.expectRefusal(403, '/sign-in');
  const form = new SignInPage(hers);
  await form.open();
  expect(await statusAfter(hers, () => form.submit(carol))).toBe(403);
  await expect(form.refusal).toContainText('This account is suspended');

  await account.liftButton.click();
  await account.says('The suspension is lifted. The person was told by email.');
  await signIn(hers, carol);
});

test('several are suspended once it was shown who they are', async ({ page, server, inbox }) => {
  const word = rare();
  const people = [];
  for (const name of ['Carol', 'Dave', 'Erin']) {
    people.push(await createAccount(server, inbox, newcomer(`${name} ${word}`)));
  }
  const users = new AdminUsersPage(page);
  await users.open();
  await users.search(word);
  await expect(users.rows).toHaveCount(3);
  await users.preview(people.slice(0, 2), 'Suspend');
  const main = page.getByRole('main');
  await expect(page.getByRole('heading', { level: 1, name: 'Suspend these accounts?' })).toBeVisible();
  await expect(main).toContainText('Accounts: 2');
  for (const { email } of people.slice(0, 2)) await expect(main).toContainText(email);
  await expect(main).not.toContainText(people[2].email);
  await page.getByLabel('Internal note', { exact: true }).fill('Ticket 4711');
  await page.getByRole('button', { name: 'Suspend (2)', exact: true }).click();
  await arrive(page, '/admin/users');
  await expect(page.getByText('Done. Accounts: 2. Left out: 0.', { exact: true })).toBeVisible();

  await test.step('everybody in a list, and who is left out', async () => {
    await users.search(word);
    await expect(users.rows.filter({ hasText: 'Suspended' })).toHaveCount(2);
    await page.getByLabel('Everybody in this list, on every page').check();
    await users.preview([], 'Lift the suspension');
    await expect(main).toContainText('Accounts: 2');
    await expect(main).toContainText('Left out: 1');
    await expect(page.getByRole('row', { name: people[2].email })).toContainText('Nothing would change');
    await page.getByRole('button', { name: 'Lift (2)', exact: true }).click();
    await arrive(page, '/admin/users');
  });
});

test('who picks nobody is told what to do', async ({ page, complaints }) => {
  const users = new AdminUsersPage(page);
  await users.open();
  complaints.expectRefusal(422, '/admin/users/bulk');
  await users.preview([], 'Sign out everywhere');
  await expect(page.getByRole('heading', { level: 1, name: 'Nobody is picked' })).toBeVisible();
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await arrive(page, '/admin/users');
});

test('through somebody else’s eyes nothing can be changed, and one’s own session comes back', async ({ page, server, inbox, anotherBrowser, complaints, bob }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const hers = await anotherBrowser(firefox);
  await signIn(hers, carol);
  await new AdminUsersPage(page).openAccount(carol);
  const own = new URL(page.url()).pathname;
  const account = new AdminUserPage(page);
  await account.look('Ticket 4711');

  await expect(account.banner).toContainText('You see this as Carol Petit.');
  await expect(account.banner).toContainText('Minutes left: 30.');
  await expect(page.getByRole('link', { name: 'Administration' })).toHaveCount(0);
  const profile = new ProfilePage(page);
  await profile.open();
  await expect(profile.name).toHaveValue('Carol Petit');
  complaints.expectRefusal(403, '/account');
  expect(await statusAfter(page, () => profile.submit('Eve'))).toBe(403);
  await expect(profile.refusal).toContainText('You are looking at this as somebody else');
  await expect(account.banner).toContainText('That was not done: you only look here.');
  complaints.expectRefusal(404, own);
  expect((await visit(page, own)).status()).toBe(404);

  await test.step('its person knows', async () => {
    const mail = await inbox.mailTo(carol.email, 'impersonation_started');
    expect(mail.text).not.toContain(bob.email);
    await visit(hers, '/account/sessions');
    await expect(hers.getByRole('heading', { name: 'An administrator, in your place' })).toBeVisible();
    await visit(hers, '/account');
    await expect(new ProfilePage(hers).name).toHaveValue('Carol Petit');
  });

  await visit(page, '/dashboard');
  await account.stopButton.click();
  await arrive(page, own);
  await account.says('You are yourself again.');
  await expect(account.banner).toHaveCount(0);
  await visit(page, '/account');
  await expect(profile.name).toHaveValue(bob.name);
  await visit(hers, '/account/sessions');
  await expect(hers.getByRole('heading', { name: 'An administrator, in your place' })).toHaveCount(0);
});
