// Tokens for programs: made once, shown once, used within their scopes, revoked. It runs with JavaScript and
// without.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { statusAfter, visit } from '../support/arrive.js';
import { ActivityPage } from '../support/pages/activity.js';
import { NotMePage } from '../support/pages/not_me.js';
import { SecurityPage } from '../support/pages/security.js';
import { TokensPage } from '../support/pages/tokens.js';
import { signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const book = join(import.meta.dirname, '../../docs/personal-access-tokens.md');

/** What a program hears that sends `token`. */
async function call(server, token, path = '/me', init = {}) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}/api/v1${path}`, { ...init, headers });
  const text = await answer.text();
  return { status: answer.status, body: text && JSON.parse(text), challenge: answer.headers.get('www-authenticate') };
}

/** CRC-32 in base62, as the document tells it: written here a second time, from the document alone. */
function checksum(text) {
  let crc = 0xffffffff;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  let rest = (crc ^ 0xffffffff) >>> 0;
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  let sum = '';
  for (let place = 0; place < 6; place += 1) {
    sum = digits[rest % 62] + sum;
    rest = Math.floor(rest / 62);
  }
  return sum;
}

test('a token is made, shown once, used, and revoked', async ({ page, server, inbox, bobSignedIn: bob }) => {
  const tokens = new TokensPage(page);
  await tokens.open();
  await expect(tokens.heading).toBeVisible();
  await test.step('the empty page says what a token is for, and how it is used', async () => {
    await expect(page.getByText('No tokens yet.')).toBeVisible();
    await expect(page.locator('pre')).toContainText(`${server.url}/api/v1/me`);
    await expect(tokens.end).toHaveValue('30');
    for (const scope of await tokens.scopes.getByRole('checkbox').all()) await expect(scope).not.toBeChecked();
  });

  const token = await tokens.make({ name: 'Nightly report', scopes: ['profile:read', 'activity:read'] });
  await test.step('the token has the form that scanners look for, and its checksum', async () => {
    const [, expression] = /`(kw_pat_\[\S+?)`/.exec(await readFile(book, 'utf8'));
    expect(token).toMatch(new RegExp(`^${expression}$`));
    expect(`A line with ${token}, in a log`).toMatch(new RegExp(`\\b${expression}\\b`));
    expect(token.slice(-6)).toBe(checksum(token.slice('kw_pat_'.length, -6)));
  });

  await test.step('the list shows it without its secret', async () => {
    const card = tokens.token('Nightly report');
    await expect(card).toContainText('profile:read');
    await expect(card).toContainText('activity:read');
    await expect(card).toContainText('Never');
    const end = Date.parse(await card.locator('time').last().getAttribute('datetime'));
    expect(Math.abs(end - Date.now() - 30 * 24 * 60 * 60 * 1000), 'milliseconds off').toBeLessThan(60_000);
    await page.reload();
    await expect(card).toBeVisible();
    await expect(tokens.made).toHaveCount(0);
    expect(await page.content()).not.toContain(token);
    expect(JSON.stringify(await page.context().cookies())).not.toContain(token);
  });

  await test.step('a program acts within the scopes of the token', async () => {
    expect(await call(server, token)).toMatchObject({ status: 200, body: { email: bob.email, session: null } });
    const refused = await call(server, token, '/sessions');
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect(refused.challenge).toBe('Bearer error="insufficient_scope", scope="sessions:read"');
    expect((await call(server, token, '/tokens')).status).toBe(403);
  });

  await test.step('the list says when and from where', async () => {
    await expect(async () => {
      await tokens.open();
      await expect(tokens.token('Nightly report')).toContainText('127.0.0.1', { timeout: 500 });
    }).toPass();
  });

  await test.step('the person is told', async () => {
    const { text } = await inbox.mailTo(bob.email, 'token_created');
    expect(text).toContain('“Nightly report”');
    expect(text).not.toContain(token);
    const activity = new ActivityPage(page);
    await activity.open();
    await expect(activity.events.filter({ hasText: 'A personal access token was made' })).toHaveCount(1);
  });

  await test.step('revoked, it is refused at once', async () => {
    await tokens.open();
    await tokens.revoke('Nightly report');
    await expect(page.getByText('The token is revoked.')).toBeVisible();
    await expect(page.getByText('No tokens yet.')).toBeVisible();
    expect(await call(server, token)).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
  });
});

test('what is wrong is said beside its field, and what was chosen stays', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account/tokens');
  const tokens = new TokensPage(page);
  await tokens.open();
  expect(await statusAfter(page, () => tokens.submit({ name: 'Backup', end: 'none' }))).toBe(422);
  await expect(tokens.scopes).toHaveAccessibleDescription('Fill this in.');
  await expect(tokens.name).toHaveValue('Backup');
  await expect(tokens.end).toHaveValue('none');
  await expect(page).toHaveTitle(/^Error: Personal access tokens/);

  const wanted = { name: 'see https://evil.example', scopes: ['sessions:read'] };
  expect(await statusAfter(page, () => tokens.submit(wanted))).toBe(422);
  await expect(tokens.name).toHaveAccessibleDescription(/A character here is not allowed\./);
  await expect(tokens.scope('sessions:read')).toBeChecked();
  await expect(tokens.scope('profile:read')).not.toBeChecked();
  await expect(tokens.end).toHaveValue('none');
  await expect(tokens.list).toHaveCount(0);

  await tokens.make({ name: 'Backup' });
  await expect(tokens.token('Backup')).toContainText('No end');
});

test('all tokens are revoked by one button', async ({ page, server, bobSignedIn: _bob }) => {
  const tokens = new TokensPage(page);
  await tokens.open();
  const made = [];
  for (const name of ['One', 'Two']) made.push(await tokens.make({ name, scopes: ['profile:read'], end: '7' }));
  await expect(tokens.list).toHaveCount(2);
  await tokens.revokeAll.click();
  await tokens.revokeEveryToken.click();
  await expect(page.getByText('All your tokens are revoked.')).toBeVisible();
  for (const token of made) expect((await call(server, token)).status).toBe(401);
});

test('a new password leaves tokens as they are, and "this was not me" does not', async ({ page, server, inbox, bobSignedIn: bob }) => {
  const tokens = new TokensPage(page);
  await tokens.open();
  const token = await tokens.make({ name: 'Backup', scopes: ['profile:read'] });
  const security = new SecurityPage(page);
  await security.open();
  await expect(page.getByText('a new password leaves these as they are')).toBeVisible();
  await security.submit(bob.password, 'another lamp orbit nine');
  await expect(page).toHaveURL(/note=changed/);
  expect((await call(server, token)).status).toBe(200);

  const { link } = await inbox.mailTo(bob.email, 'token_created');
  await visit(page, link);
  await expect(page.getByText('Every personal access token is revoked.')).toBeVisible();
  await new NotMePage(page).secure();
  expect((await call(server, token)).status).toBe(401);
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('finds its tokens in French', async ({ page, bob }) => {
    await signIn(page, bob, french);
    const tokens = new TokensPage(page, french);
    await tokens.open();
    await expect(tokens.heading).toBeVisible();
    await tokens.make({ name: 'Rapport de nuit', scopes: ['profile:read'], end: '365' });
    await tokens.revoke('Rapport de nuit');
    await expect(page.getByText('Le jeton est révoqué.')).toBeVisible();
  });
});
