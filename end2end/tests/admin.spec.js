// The administration: who is let in, finding a session and ending it, the picture of a family, the keys.
// It runs with JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { ActivityPage } from '../support/pages/activity.js';
import { AdminKeysPage } from '../support/pages/admin_keys.js';
import { AdminSessionPage } from '../support/pages/admin_session.js';
import { AdminUsersPage } from '../support/pages/admin_users.js';
import { createAccount, makeAdministrator, newcomer, rotate, signInElsewhere } from '../support/people.js';
import { expectSignedOut, firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const navigation = (page, name = 'Main') => page.getByRole('navigation', { name });

test('to somebody without the role nothing is there', async ({ page, bobSignedIn: _bob, complaints }) => {
  await expect(navigation(page).getByRole('link', { name: 'Administration' })).toHaveCount(0);
  for (const path of ['/admin', '/admin/users', '/admin/users/bulk', '/admin/keys', '/admin/keys/revoke', '/admin/audit', '/admin/policies']) {
    complaints.expectRefusal(404, path);
    expect((await visit(page, path)).status(), path).toBe(404);
    await expect(page.getByRole('heading', { level: 1, name: 'Page not found' })).toBeVisible();
  }
});

test('signed out, the administration leads to the sign-in and on from there', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await visit(page, '/admin/keys');
  await arrive(page, '/sign-in');
  await page.getByLabel('Email', { exact: true }).fill(bob.email);
  await page.getByLabel('Password', { exact: true }).fill(bob.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await arrive(page, '/admin/keys');
});

test('an administrator finds a session, ends it, and the person is told', async ({ page, server, inbox, anotherBrowser, bob }) => {
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const hers = await anotherBrowser(firefox);
  await signIn(hers, carol);
  await makeAdministrator(server, bob);
  await signIn(page, bob);

  await navigation(page).getByRole('link', { name: 'Administration', exact: true }).click();
  await arrive(page, '/admin');
  await navigation(page).getByRole('link', { name: 'Users', exact: true }).click();
  await arrive(page, '/admin/users');
  const [users, session] = [new AdminUsersPage(page), new AdminSessionPage(page)];
  await users.search(carol.email.slice(0, 12));
  await expect(users.rows).toHaveCount(1);
  await expect(users.rows).toContainText('Carol Petit');

  await users.openNewestSession(carol);
  await expect(session.heading).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Firefox on Linux');
  await expect(session.picture).toBeVisible();
  await session.end();
  await expect(session.endButton).toBeHidden();
  await expect(session.list.last()).toContainText('Ended by an administrator.');
  await expectSignedOut(hers);

  await signIn(hers, carol);
  const activity = new ActivityPage(hers);
  await activity.open();
  const line = activity.events.filter({ hasText: 'An administrator signed one of your devices out.' });
  await expect(line).toHaveCount(1);
  await expect(line, 'from where is not told').not.toContainText('Chrome');
});

test('a family is drawn, and told in words', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await rotate(server, await signInElsewhere(server, bob), 3);
  const session = new AdminSessionPage(page);
  await new AdminUsersPage(page).openNewestSession(bob);
  await expect(session.tokens).toHaveCount(4);
  await expect(session.list).toHaveCount(4);
  await expect(session.list.first()).toContainText('got the first token (0)');
  await expect(session.list.last()).toContainText('Exchanged a token for the next one (3).');
  await expect(session.picture).toHaveAccessibleName(/4 tokens from .* The session goes on\./);

  await test.step('on a phone the picture scrolls in its own box', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const box = page.getByRole('region', { name: 'Refresh tokens of this session' });
    const [inside, outside] = await Promise.all([
      box.evaluate((element) => element.scrollWidth - element.clientWidth),
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ]);
    expect(inside).toBeGreaterThan(0);
    expect(outside).toBe(0);
  });
});

test('a long family is drawn in slots of time', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await rotate(server, await signInElsewhere(server, bob), 70);
  await new AdminUsersPage(page).openNewestSession(bob);
  const session = new AdminSessionPage(page);
  await expect(session.tokens).toHaveCount(0);
  expect(await session.bars.count()).toBeLessThan(5);
  await expect(session.list.first()).toContainText('tokens, 0 to');
});

test('the next key is published, and revoked after a question', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  const keys = new AdminKeysPage(page);
  await keys.open();
  await expect(keys.picture).toBeVisible();
  await keys.rotate();
  await expect(keys.inState('Signs')).toHaveCount(1);
  await expect(keys.inState('Next')).toHaveCount(1);
  const id = await keys.inState('Next').locator('code').textContent();

  await keys.ask(keys.inState('Next'));
  await expect(page.getByRole('main')).toContainText('Nobody is signed out.');
  await keys.cancel.click();
  await arrive(page, '/admin/keys');
  await keys.ask(keys.inState('Next'));
  await keys.revokeButton.click();
  await keys.says('The key is revoked. What it signed is refused.');
  await expect(keys.inState('Revoked').filter({ hasText: id })).toHaveCount(1);
  await expect(keys.inState('Next').filter({ hasText: id })).toHaveCount(0);
  const published = await (await page.request.get('/.well-known/jwks.json')).json();
  expect(published.keys.map((key) => key.kid)).not.toContain(id);
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('finds the administration in French', async ({ page, server, bob }) => {
    await makeAdministrator(server, bob);
    await signIn(page, bob, french);
    await navigation(page, 'Principale').getByRole('link', { name: french.administration, exact: true }).click();
    await arrive(page, '/admin');
    const users = new AdminUsersPage(page, french);
    await users.open();
    await expect(users.heading).toBeVisible();
    await users.openNewestSession(bob);
    await expect(new AdminSessionPage(page, french).picture).toHaveAccessibleName(/La session continue\./);
    const keys = new AdminKeysPage(page, french);
    await keys.open();
    await expect(keys.heading).toBeVisible();
  });
});
