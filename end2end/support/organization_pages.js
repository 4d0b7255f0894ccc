// The looks of organizations.
import { hydrated, visit } from './arrive.js';
import { createOrganization, createRole, join } from './organizations.js';
import { OrganizationPage, OrganizationsPage } from './pages/organizations.js';
import { createAccount, newcomer } from './people.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** bob, signed in, who owns an organization with a member and a role of its own. */
async function inOrganization(it) {
  const { page, server, inbox, bob, words } = it;
  const organization = await createOrganization(server, bob, 'Atelier Durand & Sons');
  await createRole(server, bob, organization, 'Editor', ['documents:read', 'documents:update']);
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  await join(server, inbox, bob, organization, carol, 'member');
  await enter(page, bob, words);
  return { organization, carol, pages: new OrganizationPage(page, organization, words) };
}

/** As in every_page.js. */
export const organizationPages = {
  'organizations-empty': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await new OrganizationsPage(page, words).open();
  },

  organizations: async (it) => {
    await inOrganization(it);
    await new OrganizationsPage(it.page, it.words).open();
  },

  'organization-new': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/orgs/new');
  },

  'organization-new-refused': async (it) => {
    it.complaints.expectRefusal(422, '/orgs/new');
    await organizationPages['organization-new'](it);
    const organizations = new OrganizationsPage(it.page, it.words);
    await organizations.submit({ name: 'Acme', address: 'Not an address' });
    await expect(organizations.refusal).toBeVisible();
    await hydrated(it.page);
  },

  organization: async (it) => {
    const { pages } = await inOrganization(it);
    await pages.open('?note=created');
  },

  'organization-members': async (it) => {
    const { pages, carol } = await inOrganization(it);
    await pages.open('/members');
    await pages.member(carol).locator('summary').click();
  },

  'organization-members-none': async (it) => {
    const { pages } = await inOrganization(it);
    await pages.open('/members?q=nobody-at-all');
  },

  'organization-last-owner': async (it) => {
    const { pages, organization } = await inOrganization(it);
    it.complaints.expectRefusal(409, `/orgs/${organization.slug}/members`);
    await pages.open('/members');
    await pages.leave.click();
    await expect(pages.alert).toBeVisible();
    await hydrated(it.page);
  },

  'organization-roles': async (it) => {
    const { pages } = await inOrganization(it);
    await pages.open('/roles');
  },

  'organization-settings': async (it) => {
    const { pages } = await inOrganization(it);
    await pages.open('/settings');
  },

  'organization-settings-going': async (it) => {
    await organizationPages['organization-settings'](it);
    const { page } = it;
    await page.locator('.danger-zone button').click();
    await expect(page.locator('.danger-zone time')).toBeVisible();
    await hydrated(page);
  },

  'organization-forbidden': async (it) => {
    const { page, server, inbox, bob, words } = it;
    const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
    const organization = await createOrganization(server, carol, 'Petit & Co');
    await join(server, inbox, carol, organization, bob, 'viewer');
    await enter(page, bob, words);
    it.complaints.expectRefusal(403, `/orgs/${organization.slug}/roles`);
    await new OrganizationPage(page, organization, words).open('/roles');
  },
};
