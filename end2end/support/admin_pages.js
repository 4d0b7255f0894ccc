// The looks of the administration.
import { setTimeout as pause } from 'node:timers/promises';

import { visit } from './arrive.js';
import { AdminKeysPage } from './pages/admin_keys.js';
import { AdminUsersPage } from './pages/admin_users.js';
import { makeAdministrator, presentAgain, rotate, signInElsewhere } from './people.js';
import { signIn } from './sessions.js';
import { expect } from './test.js';

/** Signs bob in as an administrator. */
async function asAdministrator({ page, server, bob, words }) {
  await makeAdministrator(server, bob);
  await signIn(page, bob, words);
}

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
