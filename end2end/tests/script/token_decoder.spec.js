// A pasted token is decoded in the browser: it says what it says, what is wrong and where, and nothing
// leaves the page meanwhile.
import { hydrated } from '../../support/arrive.js';
import { jwt } from '../../support/jwt.js';
import { TokenDecoderPage } from '../../support/pages/token_decoder.js';
import { expect, test } from '../../support/test.js';
import { french } from '../../support/words.js';

const seconds = (later = 0) => Math.floor(Date.now() / 1000) + later;
const good = () =>
  jwt(
    { alg: 'EdDSA', typ: 'at+jwt', kid: 'one' },
    { iss: 'https://id.example.com', sub: 'alice', iat: seconds(), exp: seconds(300), 'https://example.com/team': 7 },
  );

test('nothing leaves the browser while a token is typed, pasted and changed', async ({ page, context }) => {
  const decoder = new TokenDecoderPage(page);
  await decoder.open();
  await page.waitForLoadState('networkidle');
  const left = [];
  page.on('request', (request) => left.push(request.url()));
  page.on('websocket', (socket) => left.push(socket.url()));
  await page.evaluate(() => {
    navigator.sendBeacon = () => {
      throw new Error('a beacon');
    };
  });

  await decoder.token.pressSequentially('eyJhbGciOiJub25lIn0.e30.');
  await expect(decoder.parts).toHaveCount(3);
  await decoder.paste(good());
  await expect(decoder.fine).toContainText('the signature was not checked');
  await decoder.token.press('Enter');
  await expect(decoder.parts).toHaveCount(3);
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  expect(left, 'what left the page').toEqual([]);
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, history.state]))).not.toContain('eyJ');
  expect(await context.cookies()).toEqual([]);

  await decoder.paste('');
  await expect(decoder.parts).toHaveCount(0);
});

test('every name is explained, and times are those of this browser', async ({ page }) => {
  const decoder = new TokenDecoderPage(page);
  await decoder.open();
  const token = good();
  await decoder.paste(`Bearer ${token}\n`);
  const [header, payload] = token.split('.');
  await expect(decoder.parts.nth(0)).toContainText(header);
  await expect(decoder.parts.nth(1)).toContainText(payload);
  await expect(decoder.parts.nth(0).locator('pre')).toHaveText('{\n  "alg": "EdDSA",\n  "typ": "at+jwt",\n  "kid": "one"\n}');
  await expect(decoder.parts.nth(2)).toContainText('can only be checked with the issuer’s key');

  await expect(decoder.claim('sub')).toContainText('"alice"');
  await expect(decoder.claim('sub')).toContainText('RFC 7519, 4.1.2');
  await expect(decoder.claim('https://example.com/team')).toContainText('between the issuer and its services');
  const [, written] = /"exp":(\d+)/.exec(Buffer.from(payload, 'base64url').toString());
  const local = await page.evaluate((at) => new Date(at * 1000).toLocaleString('en'), Number(written));
  await expect(decoder.claim('exp')).toContainText(written);
  await expect(decoder.claim('exp')).toContainText(local.replaceAll('\u202f', ' '));
});

for (const [what, token, sentence] of [
  ['the algorithm none', () => jwt({ alg: 'nOnE', typ: 'JWT' }, { exp: seconds(60) }), 'The algorithm is “nOnE”'],
  ['no end', () => jwt({ alg: 'EdDSA', typ: 'JWT' }, {}), 'It has no end (exp)'],
  ['an end that was', () => jwt({ alg: 'EdDSA', typ: 'JWT' }, { exp: seconds(-1) }), 'It has ended (exp)'],
  ['an end far away', () => jwt({ alg: 'EdDSA', typ: 'JWT' }, { exp: seconds(90_000) }), 'more than a day from now'],
  ['an unusual kind', () => jwt({ alg: 'EdDSA', typ: 'refresh' }, { exp: seconds(60) }), 'The kind of token, “refresh”'],
  ['a name that stands twice', () => jwt({ alg: 'EdDSA', typ: 'JWT' }, `{"exp":${seconds(60)},"a":1,"\\u0061":2}`), 'the name “a” stands twice'],
  ['padding', () => `${jwt({ alg: 'EdDSA', typ: 'JWT' }, { exp: seconds(60) })}AA==`, 'In the signature, there is padding'],
  ['no JWT at all', () => 'hello', 'three parts with a dot between them, and this has 1'],
  ['a blank inside', () => 'eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.e3 0.eA', 'In the payload, character 3'],
  ['no JSON', () => jwt({ alg: 'EdDSA', typ: 'JWT' }, '{"exp" 1}'), 'In the payload, the decoded text is no JSON from character 8'],
]) {
  test(`it warns of ${what}`, async ({ page }) => {
    const decoder = new TokenDecoderPage(page);
    await decoder.open();
    await decoder.paste(token());
    await expect(decoder.findings).toHaveCount(1);
    await expect(decoder.findings).toContainText(sentence);
  });
}

test('what a token says is shown and not run', async ({ page }) => {
  const decoder = new TokenDecoderPage(page);
  await decoder.open();
  const evil = '<img src=x onerror="window.pwned=1">';
  await decoder.paste(jwt({ alg: 'EdDSA', typ: evil }, { [evil]: evil, exp: seconds(60) }));
  await expect(decoder.parts.nth(1)).toContainText('<img src=x');
  expect(await page.evaluate(() => window.pwned)).toBeUndefined();
});

test('a token that was pasted before the script arrived is decoded when it does', async ({ page }) => {
  let release;
  const released = new Promise((done) => (release = done));
  await page.route('**/*.wasm', async (route) => {
    await released;
    await route.continue().catch(() => undefined);
  });
  await page.goto('/token-decoder', { waitUntil: 'domcontentloaded' });
  const decoder = new TokenDecoderPage(page);
  await decoder.paste(good());
  release();
  await hydrated(page);
  await expect(decoder.token).toHaveValue(/^eyJ/);
  await expect(decoder.parts).toHaveCount(3);
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('reads it in French', async ({ page }) => {
    const decoder = new TokenDecoderPage(page, french);
    await decoder.open();
    await decoder.paste(jwt({ alg: 'none', typ: 'JWT' }, { sub: 'alice', exp: 1 }));
    await expect(decoder.findings).toHaveText([/L’algorithme est «\snone/, /Il a pris fin/]);
    await expect(decoder.claim('sub')).toContainText('De qui il s’agit');
  });
});
