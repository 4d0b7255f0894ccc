// The looks of the audit log.
import { visit } from './arrive.js';
import { createOrganization } from './organizations.js';
import { AuditPage } from './pages/audit.js';
import { makeAdministrator } from './people.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** Signs bob in as an administrator, and finds the lines that name him: not those of the people of every test before. */
async function foundBob({ page, server, bob, words }) {
  await makeAdministrator(server, bob);
  await enter(page, bob, words);
  const audit = new AuditPage(page, words);
  await visit(page, `/admin/audit?person=${encodeURIComponent(bob.email)}`);
  await expect(audit.rows.first()).toBeVisible();
  return audit;
}

/** As in every_page.js. */
export const auditPages = {
  'admin-audit': async (it) => {
    await foundBob(it);
  },

  'admin-audit-details': async (it) => {
    const audit = await foundBob(it);
    await audit.details(audit.rows.first());
  },

  'admin-audit-none': async (it) => {
    await foundBob(it);
    await visit(it.page, '/admin/audit?person=nobody@example.com&address=192.0.2.1');
  },

  'admin-audit-refused': async (it) => {
    it.complaints.expectRefusal(422, '/admin/audit');
    await foundBob(it);
    await visit(it.page, '/admin/audit?from=yesterday');
  },

  'organization-audit': async ({ page, server, bob, words }) => {
    const { slug } = await createOrganization(server, bob, 'Atelier Durand & Sons');
    await enter(page, bob, words);
    await visit(page, `/orgs/${slug}/audit`);
  },
};
