// The looks of what people meet when somebody attacks: a sign-in that looks unusual is asked for a mailed code, and after too
// many tries the page says when to come again.
import { statusAfter } from '../../support/arrive.js';
import { expectGoodLooks } from '../../support/looks.js';
import { placesFile } from '../../support/mmdb.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { signIn } from '../../support/sessions.js';
import { expect, test as base } from '../../support/test.js';
import { english, french } from '../../support/words.js';

const places = placesFile([
  { network: [192, 0, 2, 0], prefix: 24, country: 'FR', city: 'Paris', latitude: 48.86, longitude: 2.35 },
  { network: [203, 0, 113, 0], prefix: 24, country: 'JP', city: 'Tokyo', latitude: 35.68, longitude: 139.65 },
]);
const from = (address) => ({ 'x-forwarded-for': address });

const test = base.extend({
  files: [async ({}, use) => use(() => ({ 'places.mmdb': places })), { scope: 'worker' }],
});

test.use({
  settings: {
    KEYWRIGHT_LIMITS: 'on',
    KEYWRIGHT_TRUSTED_PROXIES: '127.0.0.1/32',
    KEYWRIGHT_GEOIP_DATABASE: 'places.mmdb',
  },
});

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    test(`two-step-unusual can be used by anybody, and fits (${words.tag})`, async ({ page, anotherBrowser, bob }) => {
      test.slow();
      await signIn(await anotherBrowser({ extraHTTPHeaders: from('192.0.2.7') }), bob, words);
      await page.setExtraHTTPHeaders(from('203.0.113.9'));
      const form = new SignInPage(page, words);
      await form.open();
      await form.signIn(bob, '/two-step');
      await expect(page.locator('form[action="/rpc/second_factor"] #code')).toBeVisible();
      await expectGoodLooks(page, 'two-step-unusual', words);
    });

    test(`sign-in-waiting can be used by anybody, and fits (${words.tag})`, async ({ page, bob, complaints }) => {
      test.slow();
      complaints.expectRefusal(401, '/sign-in');
      complaints.expectRefusal(429, '/sign-in');
      const form = new SignInPage(page, words);
      await form.open();
      const guess = () => statusAfter(page, () => form.submit({ ...bob, password: 'not the password' }));
      for (let tried = 0; tried < 5; tried += 1) expect(await guess()).toBe(401);
      expect(await guess()).toBe(429);
      // The work is done: what moves is not judged.
      await expect(page.locator('.proof-of-work progress')).toHaveAttribute('value', '10');
      await expectGoodLooks(page, 'sign-in-waiting', words);
    });
  });
}
