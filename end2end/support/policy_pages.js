// The looks of the pages about policies.
import { statusAfter, visit } from './arrive.js';
import { PoliciesPage } from './pages/policies.js';
import { makeAdministrator } from './people.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** Signs bob in as an administrator. */
async function asAdministrator({ page, server, bob, words }) {
  await makeAdministrator(server, bob);
  await enter(page, bob, words);
  return new PoliciesPage(page, words);
}

/** About nobody: it may be in force beside every other test. */
const text = `@id("nobody-publishes")
forbid (principal == User::"nobody", action == Action::"documents:publish", resource)
when { principal has department && principal.department == "A department with a name that is rather long" };
`;

const question = 'about=question&action=documents%3Aread&on=document&role=member&sensitivity=confidential';

/** As in every_page.js. */
export const policyPages = {
  'admin-policies': async (it) => {
    const policies = await asAdministrator(it);
    await policies.save(text, 'About nobody');
    await policies.open();
    await expect(policies.heading).toBeVisible();
  },

  'admin-policies-edit': async (it) => {
    const policies = await asAdministrator(it);
    await policies.edit();
  },

  'admin-policies-faults': async (it) => {
    it.complaints.expectRefusal(422, '/admin/policies/edit');
    const policies = await asAdministrator(it);
    await policies.edit();
    await statusAfter(it.page, () => policies.submit(`${text}permit (principal, action, resource) when { principal.nothing };`));
    await expect(policies.faults.first()).toBeVisible();
  },

  'admin-policies-version': async (it) => {
    const policies = await asAdministrator(it);
    await policies.save(text, 'About nobody');
  },

  'admin-policies-locks-out': async (it) => {
    const policies = await asAdministrator(it);
    const number = await policies.save('@id("trap")\nforbid (principal, action, resource);');
    await visit(it.page, `/admin/policies/versions/${number}?check=1`);
  },

  'admin-policies-cases': async (it) => {
    await asAdministrator(it);
    await visit(it.page, `/admin/policies/cases?expected=denied&${question}`);
  },

  'admin-policies-who': async (it) => {
    await asAdministrator(it);
    await visit(it.page, `/admin/policies/who?${question}`);
  },

  'admin-policies-who-unknown': async (it) => {
    it.complaints.expectRefusal(422, '/admin/policies/who');
    await asAdministrator(it);
    await visit(it.page, '/admin/policies/who?user=nobody%40example.com&action=documents%3Aread');
  },

  'admin-policies-matrix': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/policies/matrix');
  },
};
