// The `test` of the files about SMTP: an authority, and a Keywright with a mail server of its own.
import { writeFile } from 'node:fs/promises';

import { Authority } from './authority.js';
import { Server } from './server.js';
import { login, Smtp } from './smtp.js';
import { expect, test as base } from './test.js';

export { expect };

export const sender = { name: 'Clés de Zoë', address: 'no-reply@example.com' };

export const test = base.extend({
  authority: [async ({}, use) => use(await Authority.found('Authority of the tests')), { scope: 'worker' }],

  /** The file for `smtp_ca`. */
  authorityFile: async ({ authority }, use, testInfo) => {
    const file = testInfo.outputPath('authority.pem');
    await writeFile(file, authority.pem);
    await use(file);
  },

  /**
   * Starts a mail server in one of the modes of smtp.js, with `certificate`, and a Keywright that is
   * to use it, by an address with `query` and `password`. Without `trusting` Keywright is not told of
   * the authority.
   */
  mailing: async ({ authority, authorityFile }, use) => {
    const started = [];
    await use(async (mode, { certificate, trusting = true, query = encrypted[mode], password } = {}) => {
      const smtp = await Smtp.start(mode, certificate ?? (await authority.issue()));
      started.unshift(() => smtp.stop());
      const server = await Server.start({
        KEYWRIGHT_SMTP_URL: smtp.url({ query, password }),
        KEYWRIGHT_MAIL_FROM: `${sender.name} <${sender.address}>`,
        ...(trusting && { KEYWRIGHT_SMTP_CA: authorityFile }),
      });
      started.unshift(() => stop(server));
      return { smtp, server };
    });
    for (const end of started) await end();
  },
});

/** How an address says that nothing may travel in the clear. */
const encrypted = { starttls: '?tls=required', implicit: '', clear: '?tls=required' };

async function stop(server) {
  expect(await server.stop(), `how the server ended; its log:\n${server.log}`).toBe(0);
  const bad = server.log.split('\n').filter((line) => /panicked|\bERROR\b/.test(line));
  // The TLS library says so itself, in addition to the worker.
  expect(bad.filter((line) => !line.includes('failed to verify TLS certificate'))).toEqual([]);
  for (const secret of [login.password, encodeURIComponent(login.password)]) expect(server.log).not.toContain(secret);
  await server.remove();
}
