// One program and nothing else: copied into an empty folder, with nothing of its build beside it and no setting that names
// the site, it has every file of its pages. It runs with JavaScript and without.
import { copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { visit } from '../support/arrive.js';
import { Inbox } from '../support/inbox.js';
import { createAccount, newcomer } from '../support/people.js';
import { binary, Server } from '../support/server.js';
import { signIn } from '../support/sessions.js';
import { expect, test as base } from '../support/test.js';

const test = base.extend({
  alone: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'keywright-alone-'));
    const program = join(folder, 'keywright');
    await copyFile(binary, program);
    // An empty setting counts as not set.
    const server = await Server.start({ KEYWRIGHT_SITE: '' }, () => ({}), program);
    await use(server);
    expect(await readdir(folder), 'it lays nothing beside itself').toEqual(['keywright']);
    expect(await server.stop(), server.log).toBe(0);
    await server.remove();
    await rm(folder, { recursive: true });
  },
});

test('it brings its pages, and every file that they load', async ({ alone, request }) => {
  const page = await (await request.get(`${alone.url}/sign-in`, { headers: { accept: 'text/html' } })).text();
  const named = new Set(page.match(/\/(pkg\/keywright\.[\w-]+\.(css|js|wasm)|favicon\.svg|icons\.svg)/g));
  for (const kind of ['css', 'js', 'wasm', 'svg']) {
    expect([...named].filter((path) => path.endsWith(`.${kind}`)), kind).not.toEqual([]);
  }
  for (const path of named) {
    for (const [accepted, coding] of [['br', 'br'], ['gzip', 'gzip'], ['identity', undefined]]) {
      const answer = await request.get(alone.url + path, { headers: { 'accept-encoding': accepted } });
      expect(answer.status(), path).toBe(200);
      expect(answer.headers()['content-encoding'], path).toBe(coding);
      const keep = path.startsWith('/pkg/') ? 'public, max-age=31536000, immutable' : 'public, max-age=86400';
      expect(answer.headers()['cache-control'], path).toBe(keep);
    }
  }
  expect((await request.get(`${alone.url}/robots.txt`)).status()).toBe(200);
});

test('people sign in there, and its command says that it is ready', async ({ alone, anotherBrowser }) => {
  const ada = await createAccount(alone, new Inbox(alone.url), newcomer('Ada King'));
  const page = await anotherBrowser({ baseURL: alone.url });
  await signIn(page, ada);
  await visit(page, '/account');
  expect(await alone.command('health')).toBe('ready\n');
});
