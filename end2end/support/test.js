// The `test` of all files: a server, a browser that must not complain, an inbox and two people.
import { test as base, expect } from '@playwright/test';

import { noteWithoutScript } from './arrive.js';
import { Complaints } from './complaints.js';
import { Inbox } from './inbox.js';
import { SignInPage } from './pages/sign_in.js';
import { createAccount, newcomer } from './people.js';
import { Server } from './server.js';

export { expect };

export const test = base.extend({
  /** More settings of the server: a file that has some has a server of its own. */
  settings: [{}, { option: true, scope: 'worker' }],

  /** Files in the folder of the server, by name, as a function of its address. */
  files: [async ({}, use) => use(() => ({})), { scope: 'worker' }],

  /** One server for all tests of a worker. It must end well, and never panic. */
  server: [
    async ({ settings, files }, use) => {
      const server = await Server.start(settings, files);
      await use(server);
      const code = await server.stop();
      expect(code, `how the server ended; its log:\n${server.log}`).toBe(0);
      expect(server.log, 'the log of the server').not.toMatch(/panicked|\bERROR\b/);
      await server.remove();
    },
    { scope: 'worker' },
  ],

  /** A server of the test's own, for what would disturb the others. */
  anotherServer: async ({}, use) => {
    const server = await Server.start();
    await use(server);
    expect(await server.stop(), `how the server ended; its log:\n${server.log}`).toBe(0);
    await server.remove();
  },

  baseURL: async ({ server }, use) => use(server.url),

  inbox: async ({ server }, use) => use(new Inbox(server.url)),

  /** Fails the test on anything a browser complains about. */
  complaints: [
    async ({}, use) => {
      const complaints = new Complaints();
      await use(complaints);
      expect(complaints.all, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],

  context: async ({ context, complaints, javaScriptEnabled }, use) => {
    await prepare(context, complaints, javaScriptEnabled);
    await use(context);
  },

  /** Another browser: own cookies, and the options of `browser.newContext`. */
  anotherBrowser: async ({ browser, baseURL, complaints, javaScriptEnabled }, use) => {
    const opened = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ baseURL, javaScriptEnabled, ...options });
      opened.push(context);
      await prepare(context, complaints, options.javaScriptEnabled ?? javaScriptEnabled);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },

  /** Somebody without an account. */
  alice: async ({}, use) => use(newcomer('Alice Martin')),

  /** Somebody with an account, signed out. */
  bob: async ({ server, inbox }, use) => use(await createAccount(server, inbox, newcomer('Bob Durand'))),

  /** The same, signed in on `page`, which is at the dashboard. */
  bobSignedIn: async ({ page, bob }, use) => {
    const signIn = new SignInPage(page);
    await signIn.open();
    await signIn.signIn(bob);
    await use(bob);
  },
});

async function prepare(context, complaints, javaScriptEnabled) {
  if (javaScriptEnabled === false) noteWithoutScript(context);
  await complaints.watch(context);
}
