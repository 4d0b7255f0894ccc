// The `test` of files about other services to sign in with: a server whose settings know a few, and people who have
// accounts there.
import { randomBytes } from 'node:crypto';

import { arrive, visit } from './arrive.js';
import { fedCmConfigUrl } from './fedcm_provider.js';
import { GitHubServer } from './github_server.js';
import { OpenIdProvider } from './openid_provider.js';
import { ProviderPage } from './pages/provider.js';
import { newcomer } from './people.js';
import { freePort } from './server.js';
import { test as base } from './test.js';

export { expect } from './test.js';

export const test = base.extend({
  /** What the settings say of Acme besides its name and its secret. */
  acmeSettings: [{}, { option: true, scope: 'worker' }],

  /** A provider whose word about addresses is taken. */
  acme: [
    async ({}, use) => {
      const acme = await OpenIdProvider.start('acme', 'Acme');
      await use(acme);
      await acme.stop();
    },
    { scope: 'worker' },
  ],

  /** One whose second factors are taken for ours. */
  vault: [
    async ({}, use) => {
      const vault = await OpenIdProvider.start('vault', 'Vault');
      await use(vault);
      await vault.stop();
    },
    { scope: 'worker' },
  ],

  github: [
    async ({}, use) => {
      const github = await GitHubServer.start();
      await use(github);
      await github.stop();
    },
    { scope: 'worker' },
  ],

  files: [
    async ({ acme, vault, github, acmeSettings }, use) => {
      // Nobody listens there.
      const gone = { ...acme.settings(), id: 'gone', name: 'Gone', issuer: `http://127.0.0.1:${await freePort()}` };
      await use((url) => {
        for (const one of [acme, vault, github]) one.leadBackTo(`${url}/sign-in/with/${one.id}/callback`);
        const tables = [
          acme.settings(acmeSettings),
          vault.settings({ trust_second_factor: true }),
          github.settings(),
          gone,
        ];
        return { 'keywright.toml': tables.map(table).join('\n') };
      });
    },
    { scope: 'worker' },
  ],

  /** Somebody without an account here, who has one at every provider. */
  carol: async ({}, use) => use({ ...newcomer('Carol Petit'), sub: newSubject() }),

  /** The account at a provider of somebody who has one here: with the same address. */
  bobThere: async ({ bob }, use) => use({ ...bob, sub: newSubject() }),
});

/** Asks Acme by the browser's own question, too. */
export const withFedCm = test.extend({
  files: [
    async ({ acme }, use) => {
      await use((url) => {
        acme.leadBackTo(`${url}/sign-in/with/acme/callback`);
        return { 'keywright.toml': table(acme.settings({ fedcm: fedCmConfigUrl(acme) })) };
      });
    },
    { scope: 'worker' },
  ],
});

/** Numbers, as those of GitHub are. */
function newSubject() {
  return String(randomBytes(5).readUIntBE(0, 5) + 1);
}

/** A table of TOML: texts and switches are written as in JSON. */
function table(values) {
  const lines = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return ['[[provider]]', ...lines, ''].join('\n');
}

/** The link that leads to a provider, on the pages that lead in. */
export function linkTo(page, { name }) {
  return page.getByRole('link', { name: `Continue with ${name}`, exact: true });
}

/** From a page that leads in to the provider, whose form is then shown. */
export async function goTo(page, provider) {
  await linkTo(page, provider).click();
  const there = new ProviderPage(page, provider);
  await there.shown();
  return there;
}

/** Signs in with a provider as `person` there, and waits for the page behind it. */
export async function signInWith(page, provider, person, { next = '/dashboard', from = '/sign-in', ...options } = {}) {
  await visit(page, from);
  await (await goTo(page, provider)).signIn(person, options);
  await arrive(page, next);
}
