// Pages run the scripts that carry their nonce, and nothing that a person typed.
import { visit } from '../../support/arrive.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { createAccount, newcomer } from '../../support/people.js';
import { expect, test } from '../../support/test.js';

const policyOf = (answer) => answer.headers()['content-security-policy'];
const nonceOf = (answer) => /'nonce-([^']+)'/.exec(policyOf(answer))?.[1];

for (const path of ['/', '/sign-up', '/sign-in', '/verify-email', '/forgot-password', '/reset-password', '/token-decoder', '/nowhere']) {
  test(`${path} has a policy with a nonce of its own and nothing unsafe`, async ({ page, complaints }) => {
    complaints.expectRefusal(404, '/nowhere');
    const answers = [];
    for (const _ of ['once', 'again']) {
      const answer = await visit(page, path);
      answers.push(answer);
      expect(policyOf(answer)).toContain("default-src 'none'");
      expect(policyOf(answer)).not.toMatch(/'unsafe-|\*/);
      expect(policyOf(answer)).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
      const html = await answer.text();
      const nonces = [...html.matchAll(/<script[^>]*>/g)].map(([tag]) => /nonce="([^"]*)"/.exec(tag)?.[1]);
      expect(nonces.length, 'scripts').toBeGreaterThan(0);
      expect(new Set(nonces)).toEqual(new Set([nonceOf(answer)]));
      expect(html, 'inline handlers').not.toMatch(/<[^>]+\son\w+=/);
      expect(html, 'inline styles').not.toMatch(/<style|<[^>]+\sstyle=/);
    }
    const [first, second] = answers;
    expect(nonceOf(first).length, 'length of the nonce').toBeGreaterThanOrEqual(16);
    expect(nonceOf(first)).not.toBe(nonceOf(second));
  });
}

for (const path of ['/dev/inbox', '/api/docs']) {
  test(`${path} runs no script at all`, async ({ page }) => {
    const policy = policyOf(await page.goto(path));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/script-src|unsafe/);
  });
}

const sayings = ['<script>window.pwned=1', '<img src=x onerror="window.pwned=1">', '"><svg onload=window.pwned=1>'];

for (const name of sayings) {
  test(`the name ${name} is shown and not run`, async ({ page, server, inbox }) => {
    const mallory = await createAccount(server, inbox, { ...newcomer('Mallory'), name });
    const signIn = new SignInPage(page);
    await signIn.open();
    await signIn.signIn(mallory);
    await expect(new DashboardPage(page).greeting(mallory)).toBeVisible();
    expect(await page.evaluate(() => window.pwned)).toBeUndefined();

    await page.goto('/dev/inbox');
    await expect(page.getByText(`Hello ${name},`).first()).toBeVisible();
    expect(await page.evaluate(() => window.pwned)).toBeUndefined();
  });
}
