// The audit log: finding what somebody did, taking it along as a file, and what an organization sees of it. It runs with
// JavaScript and without.
import { arrive, query } from '../support/arrive.js';
import { createOrganization } from '../support/organizations.js';
import { AdminSessionPage } from '../support/pages/admin_session.js';
import { AdminUsersPage } from '../support/pages/admin_users.js';
import { AuditPage } from '../support/pages/audit.js';
import { downloaded } from '../support/pages/data.js';
import { createAccount, makeAdministrator, newcomer, signInElsewhere } from '../support/people.js';
import { signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

const navigation = (page) => page.getByRole('navigation', { name: 'Main' });

test('what somebody did is found by person and by kind', async ({ page, server, inbox, bob }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  await signInElsewhere(server, carol);
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await navigation(page).getByRole('link', { name: 'Administration', exact: true }).click();
  await arrive(page, '/admin');
  await navigation(page).getByRole('link', { name: 'Audit log', exact: true }).click();
  await arrive(page, '/admin/audit');
  const audit = new AuditPage(page);
  await expect(audit.heading).toBeVisible();
  await expect(audit.whole).toBeVisible();
  await expect(audit.picture).toHaveAccessibleName(/lines in the last 30 days/);

  await audit.search({ person: carol.email, kind: 'session' });
  await expect(audit.rows).toHaveCount(1);
  await expect(audit.rows).toContainText('session.started');
  await expect(audit.rows).toContainText(carol.email);
  const details = await audit.details(audit.rows.first());
  await expect(details).toContainText('Signed in with the password.');

  await test.step('what is sought stays in the form and in the address', async () => {
    await expect(audit.person).toHaveValue(carol.email);
    await expect(audit.kind).toHaveValue('session');
  });

  await test.step('lines of the same request are one step away', async () => {
    await details.locator('a[href*="request_id="]').click();
    await expect(page).toHaveURL((url) => url.searchParams.has('request_id'));
    await expect(audit.rows).toHaveCount(1);
    expect(query(page, 'person')).toBeNull();
  });

  await test.step('what fits nothing says so', async () => {
    await audit.search({ person: 'nobody@example.com' });
    await expect(audit.rows).toHaveCount(0);
    await expect(audit.empty).toContainText('No line fits.');
  });
});

test('what is found is taken along, and that leaves a line', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  const audit = new AuditPage(page);
  await audit.open();
  await audit.search({ person: bob.email, kind: 'session.started' });
  const table = await downloaded(page, () => audit.csv.click());
  expect(table.name).toMatch(/^keywright-audit-\d{4}-\d\d-\d\d\.csv$/);
  const [names, ...rows] = table.text.trimEnd().split('\r\n');
  expect(names).toMatch(/^sequence,id,at,kind,outcome,/);
  expect(rows).toHaveLength(await audit.rows.count());
  expect(rows.every((row) => row.includes(',session.started,done,'))).toBe(true);
  const lines = await downloaded(page, () => audit.jsonLines.click());
  expect(lines.name).toMatch(/\.jsonl$/);
  expect(lines.text.trimEnd().split('\n').map((line) => JSON.parse(line).kind)).toContain('session.started');

  await audit.search({ person: bob.email, kind: 'audit.exported' });
  await expect(audit.rows).toHaveCount(2);
});

test('an administrator’s act tells what changed, before and after', async ({ page, server, inbox, bob }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  await signInElsewhere(server, carol);
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await new AdminUsersPage(page).openNewestSession(carol);
  await new AdminSessionPage(page).end();
  const audit = new AuditPage(page);
  await audit.open();
  await audit.search({ person: carol.email, kind: 'admin' });
  await expect(audit.rows).toHaveCount(1);
  await expect(audit.rows).toContainText(bob.email);
  const details = await audit.details(audit.rows.first());
  await expect(details.getByRole('row', { name: /^session / })).toContainText('nothing');
});

test('an organization sees its own lines and nothing else', async ({ page, server, bob }) => {
  const { slug } = await createOrganization(server, bob, 'Atelier Durand');
  await signIn(page, bob);
  const audit = new AuditPage(page, undefined, `/orgs/${slug}/audit`);
  await audit.open();
  await expect(audit.rows).toHaveCount(1);
  await expect(audit.rows).toContainText('organization.created');
  await expect(page.getByText('Is it whole?', { exact: true })).toHaveCount(0);
  const { text } = await downloaded(page, () => audit.csv.click());
  expect(text).not.toContain('session.started');
});
