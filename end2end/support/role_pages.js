// What each role sees first: the dashboard of everybody who is in an organization, or has an office on the platform.
import { visit } from './arrive.js';
import { found, joined, written } from './organizations.js';
import { makeOfficer } from './people.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** Bob owns an organization in which something is written; somebody of the role is signed in. */
async function asMember(it, role) {
  const { page, server, inbox, bob, words } = it;
  const acme = await found(server, bob);
  await written(server, bob, acme, { title: 'How we work', body: 'Together.' }, bob);
  await written(server, bob, acme, { title: 'Salaries', body: 'None of your business.', sensitivity: 'confidential' }, bob);
  const person = role === 'owner' ? bob : await joined(server, inbox, bob, acme, 'Carol Petit', role);
  if (role !== 'viewer') await written(server, person, acme, { title: 'Notes of today', body: 'Not finished.' });
  await enter(page, person, words);
  await visit(page, '/dashboard');
  await expect(page.locator('#work')).toBeVisible();
  return acme;
}

async function asOfficer(it, role) {
  const { page, server, bob, words } = it;
  await makeOfficer(server, bob, role);
  await enter(page, bob, words);
  await visit(page, '/dashboard');
  await expect(page.locator('#office')).toBeVisible();
}

/** As in every_page.js. */
export const rolePages = {
  'dashboard-owner': async (it) => asMember(it, 'owner'),
  'dashboard-admin': async (it) => asMember(it, 'admin'),
  'dashboard-member': async (it) => asMember(it, 'member'),
  'dashboard-viewer': async (it) => asMember(it, 'viewer'),
  'dashboard-support': async (it) => asOfficer(it, 'support'),
  'dashboard-auditor': async (it) => asOfficer(it, 'auditor'),
  'dashboard-platform-admin': async (it) => asOfficer(it, 'platform_admin'),
};
