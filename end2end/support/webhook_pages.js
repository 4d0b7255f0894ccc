// The looks of webhooks and of the queue of mails.
import { setTimeout as pause } from 'node:timers/promises';

import { hydrated, visit } from './arrive.js';
import { WebhooksPage } from './pages/webhooks.js';
import { makeAdministrator } from './people.js';
import { Receiver } from './receiver.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** Signs bob in as an administrator, on the page of webhooks. */
async function asAdministrator({ page, server, bob, words }) {
  await makeAdministrator(server, bob);
  await enter(page, bob, words);
  const webhooks = new WebhooksPage(page, words);
  await webhooks.open();
  return webhooks;
}

/** Makes a webhook at an address of its own, and leaves its page. */
async function made(it) {
  const webhooks = await asAdministrator(it);
  // Nobody listens at port 1025: every delivery fails.
  await webhooks.create('http://127.0.0.1:1025/keywright/events', ['user.*', 'webhook.removed']);
  return webhooks;
}

/** As in every_page.js. */
export const webhookPages = {
  'admin-webhooks': async (it) => {
    const webhooks = await made(it);
    await webhooks.open();
    await expect(webhooks.rows.first()).toBeVisible();
  },

  'admin-webhooks-refused': async (it) => {
    it.complaints.expectRefusal(422, '/admin/webhooks');
    const webhooks = await asAdministrator(it);
    await webhooks.address.fill('http://hooks.example.com');
    await webhooks.make.click();
    await expect(it.page.getByRole('alert')).toBeVisible();
    await hydrated(it.page);
  },

  'admin-webhook-made': made,

  'admin-webhook': async (it) => {
    const receiver = await Receiver.start();
    const webhooks = await asAdministrator(it);
    await webhooks.create(receiver.url, ['webhook.*']);
    await webhooks.sendTest.click();
    await expect.poll(() => receiver.heard.length).toBeGreaterThan(1);
    await pause(500);
    receiver.status = 500;
    await webhooks.sendTest.click();
    await expect.poll(() => receiver.heard.length).toBeGreaterThan(3);
    await pause(500);
    const address = new URL(it.page.url()).pathname;
    await visit(it.page, address);
    const first = webhooks.deliveries.first().getByRole('link');
    await visit(it.page, await first.getAttribute('href'));
    await receiver.stop();
  },

  'admin-mails': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/mails?state=sent');
  },

  'admin-mails-dead': async (it) => {
    await asAdministrator(it);
    await visit(it.page, '/admin/mails?state=dead');
  },
};
