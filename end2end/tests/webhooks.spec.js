// Webhooks: an event arrives with a right signature, a failure is shown and tried again, and what was told is replayed.
// It runs with JavaScript and without.
import { arrive, statusAfter, visit } from '../support/arrive.js';
import { WebhooksPage } from '../support/pages/webhooks.js';
import { createAccount, makeAdministrator, newcomer } from '../support/people.js';
import { isSigned, Receiver } from '../support/receiver.js';
import { signIn } from '../support/sessions.js';
import { expect, test as base } from '../support/test.js';

const test = base.extend({
  receiver: async ({}, use) => {
    const receiver = await Receiver.start();
    await use(receiver);
    await receiver.stop();
  },

  /** An administrator on the page of webhooks. */
  webhooks: async ({ page, server, bob }, use) => {
    await makeAdministrator(server, bob);
    await signIn(page, bob);
    const webhooks = new WebhooksPage(page);
    await webhooks.open();
    await use(webhooks);
  },
});

test('an event arrives with a signature that its secret verifies', async ({ page, server, inbox, receiver, webhooks }) => {
  await expect(webhooks.heading).toBeVisible();
  const secret = await webhooks.create(receiver.url, ['user.created']);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  await page.reload();
  await expect(webhooks.secret).toHaveCount(0);
  expect(await page.content()).not.toContain(secret);

  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  await expect.poll(() => receiver.of('user.created').length, { timeout: 10_000 }).toBeGreaterThan(0);
  const [told] = receiver.of('user.created');
  expect(isSigned(told, secret)).toBe(true);
  expect(isSigned({ ...told, body: `${told.body} ` }, secret)).toBe(false);
  expect(told.body).not.toContain(carol.email);
  expect(Math.abs(Date.now() / 1000 - Number(told.headers['webhook-timestamp']))).toBeLessThan(60);
  await webhooks.untilTold('user.created', 'Arrived', '204');
  await expect(webhooks.picture).toBeVisible();
});

test('a failing address is shown, tried again, and told once more', async ({ page, receiver, webhooks }) => {
  receiver.status = 500;
  await webhooks.create(receiver.url, ['webhook.removed']);
  await webhooks.sendTest.click();
  await expect(page.getByText('A test is on its way.')).toBeVisible();
  await webhooks.untilTold('webhook.test', 'Waiting', '500', 'next attempt');

  receiver.status = 200;
  // The first wait is 5 seconds, and a second at most.
  await webhooks.untilTold('webhook.test', 'Arrived', '200');
  expect(receiver.of('webhook.test')).toHaveLength(2);
  await webhooks.deliveries.first().getByRole('link', { name: 'webhook.test' }).click();
  const tries = page.getByRole('region', { name: 'The last attempts' }).locator('tbody').getByRole('row');
  await expect(tries).toHaveCount(2);
  await expect(tries.first()).toContainText('200');
  await page.getByRole('link', { name: 'Close', exact: true }).click();

  await webhooks.deliveries.first().getByRole('button', { name: 'Replay', exact: true }).click();
  await expect(page.getByText('The event is on its way once more.')).toBeVisible();
  await expect.poll(() => receiver.of('webhook.test').length).toBe(3);
  const ids = new Set(receiver.of('webhook.test').map(({ headers }) => headers['webhook-id']));
  expect(ids.size, 'one message').toBe(1);
});

test('a webhook gets another secret, is switched off and on, and is removed', async ({ page, receiver, webhooks }) => {
  const first = await webhooks.create(receiver.url, ['webhook.removed']);
  await webhooks.rotate.click();
  await expect(webhooks.secret, 'another one').not.toHaveText(first);
  const second = await webhooks.secret.textContent();
  expect(second).not.toBe(first);
  await webhooks.sendTest.click();
  await expect.poll(() => receiver.of('webhook.test').length).toBe(1);
  for (const secret of [first, second]) expect(isSigned(receiver.of('webhook.test')[0], secret)).toBe(true);

  await page.getByRole('button', { name: 'Switch off', exact: true }).click();
  await expect(page.getByText('The webhook is off.')).toBeVisible();
  await expect(webhooks.sendTest).toHaveCount(0);
  await page.getByRole('button', { name: 'Switch on', exact: true }).click();
  await expect(page.getByText('The webhook is on.')).toBeVisible();
  await webhooks.removal.click();
  await webhooks.remove.click();
  await arrive(page, '/admin/webhooks');
  await expect(page.getByText('The webhook is removed.')).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText(receiver.url);
});

test('what is wrong is said beside its field, and what was typed stays', async ({ page, complaints, webhooks }) => {
  complaints.expectRefusal(422, '/admin/webhooks');
  await webhooks.address.fill('http://hooks.example.com/in');
  expect(await statusAfter(page, () => webhooks.make.click())).toBe(422);
  await expect(webhooks.address).toHaveAccessibleDescription(/begins with https:\/\//);
  await expect(webhooks.address).toHaveValue('http://hooks.example.com/in');
  await expect(webhooks.kinds).toHaveAccessibleDescription(/Fill this in\./);
});

test('to somebody without the role no webhook is there', async ({ page, bobSignedIn: _bob, complaints }) => {
  for (const path of ['/admin/webhooks', '/admin/webhooks/01890a5d-ac96-774b-bcce-b302099a8057', '/admin/mails']) {
    complaints.expectRefusal(404, path);
    expect((await visit(page, path)).status(), path).toBe(404);
  }
});
