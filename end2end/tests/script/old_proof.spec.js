// The looks of the pages that ask for the password once more, on a server where that is soon.
import { join } from 'node:path';

import { look, looks } from '../../support/every_page.js';
import { expectNoViolation, expectToFit } from '../../support/looks.js';
import { oldProofPages } from '../../support/own_account_pages.js';
import { test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '1' } });

const folder = join(import.meta.dirname, '../../pictures');

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    for (const [name, open] of Object.entries(oldProofPages)) {
      test(`${name} is accessible in light and dark, and fits (${words.tag})`, async ({ page, alice, bob, inbox, complaints }) => {
        await open({ page, alice, bob, inbox, complaints, words });
        await expectNoViolation(page, looks);
        await expectToFit(page);
      });
    }
  });
}

for (const [name, open] of Object.entries(oldProofPages)) {
  test(`pictures of ${name}`, async ({ page, alice, bob, inbox, complaints }) => {
    await open({ page, alice, bob, inbox, complaints });
    for (const one of looks) {
      await look(page, one);
      await page.screenshot({ path: join(folder, `${name}-${one.name}.png`), fullPage: true });
    }
  });
}
