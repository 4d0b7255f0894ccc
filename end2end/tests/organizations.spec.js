// Organizations: made, renamed, worked in by turns, with roles that count at once, never without an owner, and deleted
// with a way back. It runs with JavaScript and without.
import { arrive, hydrated, statusAfter, visit } from '../support/arrive.js';
import { createOrganization, createRole, join } from '../support/organizations.js';
import { OrganizationPage, OrganizationsPage, Switcher } from '../support/pages/organizations.js';
import { picture } from '../support/pictures.js';
import { createAccount, newcomer } from '../support/people.js';
import { firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

/** A name that no other test uses: its slug is free. */
const fresh = (name) => `${name} ${Math.random().toString(36).slice(2, 8)}x`;

test('the first organization is made, renamed, and found at its new address', async ({ page, bobSignedIn: _bob, complaints }) => {
  const organizations = new OrganizationsPage(page);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Organizations', exact: true }).click();
  await arrive(page, '/orgs');
  await organizations.first.click();
  await arrive(page, '/orgs/new');

  await test.step('what is wrong is said beside its field, and what was typed stays', async () => {
    complaints.expectRefusal(422, '/orgs/new');
    expect(await statusAfter(page, () => organizations.submit({ name: 'Acme', address: 'no address' }))).toBe(422);
    await expect(organizations.address).toHaveAccessibleDescription(/Use 3 to 40 lower-case letters/);
    await expect(organizations.name).toHaveValue('Acme');
    await expect(organizations.address).toHaveValue('no address');
  });

  const name = fresh('Acme');
  await organizations.submit({ name });
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
  await hydrated(page);
  const slug = new URL(page.url()).pathname.split('/')[2];
  await expect(page.getByRole('heading', { level: 2, name: 'What you may do here' })).toBeVisible();
  await expect(page.getByRole('img', { name: 'Members by role' })).toBeVisible();

  const one = new OrganizationPage(page, { slug });
  await one.open('/settings');
  await one.name.fill('Acme & Sons');
  await one.address.fill(`${slug}-sons`);
  await one.save.click();
  await arrive(page, `/orgs/${slug}-sons/settings`);
  await expect(page.getByText('Saved.', { exact: true })).toBeVisible();
  complaints.expectRefusal(404, `/orgs/${slug}`);
  expect((await visit(page, `/orgs/${slug}`)).status()).toBe(404);

  await test.step('a logo is sent and removed', async () => {
    const sons = new OrganizationPage(page, { slug: `${slug}-sons` });
    await sons.open('/settings');
    await page.getByLabel('Logo', { exact: true }).setInputFiles(picture());
    await page.getByRole('button', { name: 'Upload logo', exact: true }).click();
    await expect(page.getByText('The logo is changed.')).toBeVisible();
    await hydrated(page);
    await expect(page.locator('main img.logo')).toBeVisible();
    await page.getByRole('button', { name: 'Remove logo', exact: true }).click();
    await expect(page.getByText('The logo is removed.')).toBeVisible();
    await expect(page.locator('main img.logo')).toHaveCount(0);
  });
});

test('one person is something else in each, and goes from one to the other', async ({ page, server, inbox, bob, complaints }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const own = await createOrganization(server, bob, fresh('Own'));
  const hers = await createOrganization(server, carol, fresh('Hers'));
  await join(server, inbox, carol, hers, bob, 'viewer');
  await signIn(page, bob);

  const switcher = new Switcher(page);
  await expect(switcher.summary).toContainText('Your account');
  await expect(page.locator('.own-organizations').getByRole('link')).toHaveText([hers.name, own.name]);
  await switcher.choose(own);
  const mine = new OrganizationPage(page, own);
  await expect(mine.places.getByRole('link', { name: 'Settings', exact: true })).toBeVisible();

  await switcher.choose(hers);
  const theirs = new OrganizationPage(page, hers);
  await expect(theirs.places.getByRole('link', { name: 'Members', exact: true })).toBeVisible();
  for (const place of ['Settings', 'Roles']) {
    await expect(theirs.places.getByRole('link', { name: place, exact: true })).toHaveCount(0);
  }
  for (const rest of ['/settings', '/roles']) {
    complaints.expectRefusal(403, `/orgs/${hers.slug}${rest}`);
    expect((await theirs.open(rest)).status(), rest).toBe(403);
    await expect(page.getByRole('heading', { level: 1, name: 'Not for your role' })).toBeVisible();
  }
  await theirs.open();
  await switcher.summary.click();
  await switcher.own.click();
  await arrive(page, '/dashboard');
  await expect(switcher.summary).toContainText('Your account');
});

test('a role counts at once in the other browser', async ({ page, server, inbox, anotherBrowser, bob, complaints }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await createRole(server, bob, organization, 'Editor', ['documents:read']);
  await join(server, inbox, bob, organization, carol, 'member');
  const hers = await anotherBrowser(firefox);
  await signIn(hers, carol);
  const seen = new OrganizationPage(hers, organization);
  await seen.open('/members');
  await expect(seen.places.getByRole('link', { name: 'Settings', exact: true })).toHaveCount(0);
  await expect(seen.rows.locator('summary')).toHaveCount(0);

  await signIn(page, bob);
  const own = new OrganizationPage(page, organization);
  await own.open('/members');
  await own.give(carol, 'Administrator');
  await expect(own.member(carol)).toContainText('Administrator');
  await seen.open('/settings');
  await expect(seen.name).toHaveValue(organization.name);
  await expect(hers.getByRole('button', { name: 'Delete organization' })).toHaveCount(0);

  await own.open('/members');
  await own.give(carol, 'Editor');
  complaints.expectRefusal(403, `/orgs/${organization.slug}/settings`);
  expect((await seen.open('/settings')).status()).toBe(403);

  await test.step('removed, there is nothing any more', async () => {
    await own.open('/members');
    const row = own.member(carol);
    await row.locator('summary').click();
    await row.getByRole('button', { name: 'Remove from the organization', exact: true }).click();
    await expect(page.getByText('The member is removed.')).toBeVisible();
    complaints.expectRefusal(404, `/orgs/${organization.slug}`);
    expect((await seen.open()).status()).toBe(404);
  });
});

test('the last owner stays until another one is there', async ({ page, server, inbox, bob, complaints }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await join(server, inbox, bob, organization, carol, 'member');
  await signIn(page, bob);
  const own = new OrganizationPage(page, organization);
  await own.open('/members');
  complaints.expectRefusal(409, `/orgs/${organization.slug}/members`);
  expect(await statusAfter(page, () => own.leave.click())).toBe(409);
  await expect(own.alert).toContainText('An organization needs an owner.');

  await own.open('/members');
  await own.newOwner.selectOption({ label: `Carol Petit (${carol.email})` });
  await own.transfer.click();
  await expect(page.getByText('The organization has another owner.')).toBeVisible();
  await inbox.mailTo(carol.email, 'ownership_received');
  await hydrated(page);
  await own.leave.click();
  await arrive(page, '/orgs');
  await expect(page.getByText('You have left the organization.')).toBeVisible();
});

test('a role is made, seen in the matrix, changed and removed', async ({ page, server, bob, complaints }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await signIn(page, bob);
  const own = new OrganizationPage(page, organization);
  await own.open('/roles');
  complaints.expectRefusal(422, `/orgs/${organization.slug}/roles`);
  await own.name.fill('Editor');
  expect(await statusAfter(page, () => own.createRole.click())).toBe(422);
  await expect(own.permissions).toHaveAccessibleDescription('Fill this in.');
  await expect(own.name).toHaveValue('Editor');

  await own.permission('documents:update').check();
  await own.createRole.click();
  await expect(page.getByText('The role is there.')).toBeVisible();
  await hydrated(page);
  const line = own.rows.filter({ hasText: 'documents:update' });
  await expect(line.getByRole('cell').last()).toHaveText('allowed');
  await expect(own.rows.filter({ hasText: 'documents:delete' }).getByRole('cell').last()).toContainText('not allowed');

  await page.getByRole('link', { name: /^Change/ }).click();
  await expect(own.permission('documents:update')).toBeChecked();
  await own.permission('documents:delete').check();
  await page.getByRole('button', { name: 'Save role', exact: true }).click();
  await expect(page.getByText('The role is changed.')).toBeVisible();
  await hydrated(page);
  await expect(own.rows.filter({ hasText: 'documents:delete' }).getByRole('cell').last()).toHaveText('allowed');

  await page.locator('.own-role summary').click();
  await page.getByRole('button', { name: 'Remove role', exact: true }).click();
  await expect(page.getByText('The role is removed.')).toBeVisible();
  await expect(page.locator('.own-role')).toHaveCount(0);
});

test('an organization is to go, says so everywhere, and is kept', async ({ page, server, inbox, bob }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await signIn(page, bob);
  const own = new OrganizationPage(page, organization);
  await own.open('/settings');
  await own.delete.click();
  await expect(own.keep).toBeVisible();
  await hydrated(page);
  const { link, subject } = await inbox.mailTo(bob.email, 'organization_deletion_scheduled');
  expect(subject).toContain(organization.name);
  await own.open();
  await expect(page.getByText('This organization and everything in it will be deleted on')).toBeVisible();

  await test.step('the mailed link leads to where it is kept', async () => {
    await visit(page, new URL(link).pathname);
    await own.keep.click();
    await expect(page.getByText('The organization stays.')).toBeVisible();
    await expect(own.delete).toBeVisible();
  });
});

test('who owns what others work in cannot leave the product', async ({ page, server, inbox, bob, complaints }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await join(server, inbox, bob, organization, carol, 'member');
  await signIn(page, bob);
  await visit(page, '/account/data');
  complaints.expectRefusal(409, '/account/data');
  const leave = page.getByRole('button', { name: 'Delete my account', exact: true });
  expect(await statusAfter(page, () => leave.click())).toBe(409);
  await expect(page.getByRole('alert')).toContainText('An organization needs an owner.');
});
