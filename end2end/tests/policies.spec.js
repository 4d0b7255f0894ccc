// Policies: what is wrong is shown beside its line, what is put in force counts in another browser at once, and is
// taken back in one step. It runs with JavaScript and without.
import { arrive, statusAfter, visit } from '../support/arrive.js';
import { PoliciesPage } from '../support/pages/policies.js';
import { createAccount, makeAdministrator, newcomer, signInAsProgram } from '../support/people.js';
import { firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

/** The id of the account of `person`. */
async function idOf(server, person) {
  const { access_token: token } = await signInAsProgram(server, person);
  const me = await fetch(`${server.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  return (await me.json()).id;
}

test('what is put in force counts in another browser, and is taken back in one step', async ({
  page,
  server,
  inbox,
  anotherBrowser,
  bob,
  complaints,
}) => {
  complaints.expectRefusal(404, '/admin/users');
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  expect(await server.command('user', 'role', carol.email, 'support')).toContain('has the role support now');
  const hers = await anotherBrowser(firefox);
  await signIn(hers, carol);
  expect((await visit(hers, '/admin/users')).status()).toBe(200);

  await makeAdministrator(server, bob);
  await signIn(page, bob);
  const policies = new PoliciesPage(page);
  const id = await idOf(server, carol);
  const text = `@id("carol-stays-out")\nforbid (principal == User::"${id}", action == Action::"users:read", resource);`;
  await policies.save(text, 'Carol stays out');
  await expect(policies.added.first()).toContainText('carol-stays-out');
  await policies.activate();
  expect((await visit(hers, '/admin/users')).status()).toBe(404);

  await policies.openVersion(0);
  await policies.activate();
  expect((await visit(hers, '/admin/users')).status()).toBe(200);
});

test('a text with a fault is not saved, and its line says why', async ({ page, server, bob, complaints }) => {
  complaints.expectRefusal(422, '/admin/policies/edit');
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  const policies = new PoliciesPage(page);
  await policies.edit();
  const text = 'permit (principal, action, resource)\nwhen { principal.nothing == 1 };\n';
  expect(await statusAfter(page, () => policies.submit(text, 'A try'))).toBe(422);
  await arrive(page, '/admin/policies/edit');
  await expect(policies.faults.first()).toContainText('Line 2');
  await expect(policies.faults.first()).toContainText('when { principal.nothing == 1 };');
  await expect(policies.wrongLines).toHaveCount(1);
  await expect(policies.text).toHaveValue(text);
  await expect(policies.note).toHaveValue('A try');

  await policies.submit(text.replace('principal.nothing == 1', 'principal.mfa'));
  await expect(page).toHaveURL(/\/admin\/policies\/versions\/\d+\?note=saved$/);
});

test('a set that locks administrators out is not put in force', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  const policies = new PoliciesPage(page);
  const number = await policies.save('@id("trap")\nforbid (principal, action, resource);');
  await policies.activateButton.click();
  await arrive(page, `/admin/policies/versions/${number}`);
  await expect(page.getByRole('alert')).toContainText('would keep administrators from taking it back');
  await expect(page.getByRole('alert')).toContainText('trap');
  await expect(policies.inForce).toHaveCount(0);
});

test('who can do this, and why', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await visit(page, '/admin/policies/who');
  await page.locator('#person-user').fill(bob.email);
  await page.locator('#person-action').selectOption('keys:manage');
  await new PoliciesPage(page).askButton.first().click();
  await arrive(page, '/admin/policies/who');
  await expect(page.getByRole('status').filter({ hasText: 'Allowed.' })).toBeVisible();
  await expect(page.getByRole('main')).toContainText('role-grants');
});
