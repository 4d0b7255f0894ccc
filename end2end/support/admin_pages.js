// The looks of the administration.
import { setTimeout as pause } from 'node:timers/promises';

import { arrive, hydrated, visit } from './arrive.js';
import { AdminKeysPage } from './pages/admin_keys.js';
import { AdminOrganizationsPage } from './pages/admin_organizations.js';
import { AdminUsersPage } from './pages/admin_users.js';
import { createAccount, makeAdministrator, newcomer, presentAgain, rotate, signInElsewhere } from './people.js';
import { tellOfViolation } from './violations.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** Signs bob in as an administrator. */
async function asAdministrator({ page, server, bob, words }) {
  await makeAdministrator(server, bob);
  await enter(page, bob, words);
}

/** Makes three organizations with people in them. What is there already stays. */
const makeOrganizations = (server) =>
  server.command('seed', '--users', '30', '--organizations', '3', '--audit-lines', '0', '--yes');

/** Opens the account of somebody new, as an administrator. Returns its path. */
async function openSomebody(it) {
  await asAdministrator(it);
  const somebody = await createAccount(it.server, it.inbox, newcomer('Carol Petit'));
  await new AdminUsersPage(it.page, it.words).openAccount(somebody);
  return new URL(it.page.url()).pathname;
}

/** Presses the button of a form, by where it is sent to: in any language. */
const send = (page, action) => page.locator(`form[action="/rpc/${action}"] button`).click();

/** As in every_page.js. */
export const adminPages = {
  admin: async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin');
  },

  'admin-users': async (it) => {
    await asAdministrator(it);
    const users = new AdminUsersPage(it.page, it.words);
    await users.open();
    // Not everybody: there are the people of every test before.
    await users.search(it.bob.email.split('@')[0]);
    await expect(users.rows).toHaveCount(1);
  },

  'admin-users-none': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/users?q=nobody-at-all');
  },

  'admin-users-filtered': async (it) => {
    await asAdministrator(it);
    await visit(it.page, `/admin/users?q=${it.bob.email.split('@')[0]}&role=platform_admin&state=active`);
  },

  'admin-users-refused': async (it) => {
    it.complaints.expectRefusal(422, '/admin/users');
    await asAdministrator(it);
    await visit(it.page, '/admin/users?created_from=yesterday');
  },

  'admin-bulk': async (it) => {
    const id = (await openSomebody(it)).split('/').pop();
    await visit(it.page, `/admin/users/bulk?act=suspend&ids=${id}&ids=01890a5d-ac96-774b-bcce-b302099a8057`);
  },

  'admin-bulk-nobody': async (it) => {
    it.complaints.expectRefusal(422, '/admin/users/bulk');
    await asAdministrator(it);
    await visit(it.page, '/admin/users/bulk?act=suspend');
  },

  'admin-user-somebody': openSomebody,

  'admin-user-refused': async (it) => {
    const path = await openSomebody(it);
    it.complaints.expectRefusal(422, path);
    await send(it.page, 'suspend_user');
    await expect(it.page.getByRole('alert')).toBeVisible();
    await hydrated(it.page);
  },

  'admin-user-suspended': async (it) => {
    const path = await openSomebody(it);
    await it.page.locator('#note').fill('Ticket 4711');
    await send(it.page, 'suspend_user');
    await expect(it.page.locator('form[action="/rpc/unsuspend_user"]')).toBeVisible();
    await arrive(it.page, path);
  },

  'admin-impersonate': async (it) => {
    await visit(it.page, `${await openSomebody(it)}/impersonate`);
  },

  'impersonated-dashboard': async (it) => {
    await adminPages['admin-impersonate'](it);
    await it.page.locator('#reason').fill('Ticket 4711');
    await send(it.page, 'start_impersonation');
    await arrive(it.page, '/dashboard');
  },

  'admin-user': async (it) => {
    await asAdministrator(it);
    await signInElsewhere(it.server, it.bob);
    await new AdminUsersPage(it.page, it.words).openAccount(it.bob);
  },

  'admin-session': async (it) => {
    await asAdministrator(it);
    await rotate(it.server, await signInElsewhere(it.server, it.bob), 4);
    await new AdminUsersPage(it.page, it.words).openNewestSession(it.bob);
  },

  'admin-session-long': async (it) => {
    await asAdministrator(it);
    await rotate(it.server, await signInElsewhere(it.server, it.bob), 70);
    await new AdminUsersPage(it.page, it.words).openNewestSession(it.bob);
  },

  'admin-keys': async (it) => {
    await asAdministrator(it);
    await new AdminKeysPage(it.page, it.words).open();
  },

  'admin-keys-revoke': async (it) => {
    await asAdministrator(it);
    const keys = new AdminKeysPage(it.page, it.words);
    await keys.open();
    await keys.ask(keys.rows.filter({ has: it.page.getByRole('link') }).first());
  },

  'admin-organizations': async (it) => {
    await makeOrganizations(it.server);
    await asAdministrator(it);
    const organizations = new AdminOrganizationsPage(it.page);
    await organizations.open();
    await organizations.search('team-');
    await expect(organizations.rows).toHaveCount(3);
  },

  'admin-organizations-none': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/organizations?q=nothing-at-all');
  },

  'admin-organization': async (it) => {
    await makeOrganizations(it.server);
    await asAdministrator(it);
    await new AdminOrganizationsPage(it.page).openOrganization('team-1');
  },

  'admin-organization-closed': async (it) => {
    await makeOrganizations(it.server);
    await asAdministrator(it);
    const organizations = new AdminOrganizationsPage(it.page);
    await organizations.openOrganization('team-2');
    await organizations.close('Unpaid for 90 days, and nobody answers');
    await expect(organizations.reopening).toBeVisible();
  },

  'admin-settings': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/settings');
  },

  'admin-anomalies': async (it) => {
    await asAdministrator(it);
    // A device that the account has not seen.
    await signInElsewhere(it.server, it.bob);
    await visit(it.page, '/admin/anomalies');
    await expect(it.page.locator('main th a[href^="/admin/users/"]').first()).toBeVisible();
  },

  'admin-anomalies-none': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/anomalies?reason=impossible_travel');
  },

  'admin-health': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/health');
  },

  'admin-browser-reports': async (it) => {
    await asAdministrator(it);
    await tellOfViolation(it.server, 'script-src-elem', 'inline');
    await tellOfViolation(it.server, 'img-src', `https://${'pictures.'.repeat(6)}example.com/x.png`);
    await visit(it.page, '/admin/browser-reports');
    await expect(it.page.getByRole('row').filter({ hasText: 'script-src-elem' })).toBeVisible();
  },
};

/** Those that are reached once a token was used again too late: only on a server where that is soon. */
export const reusedPages = {
  'admin-session-reused': async (it) => {
    await asAdministrator(it);
    const first = await signInElsewhere(it.server, it.bob);
    const second = await rotate(it.server, first);
    await rotate(it.server, second, 3);
    await pause(2500);
    await presentAgain(it.server, second);
    await new AdminUsersPage(it.page, it.words).openNewestSession(it.bob);
  },
};
