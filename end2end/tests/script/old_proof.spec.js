// The looks of the pages that ask for the password once more, on a server where that is soon.
import { expectGoodLooks } from '../../support/looks.js';
import { oldProofPages } from '../../support/own_account_pages.js';
import { test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '1' } });

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    for (const [name, open] of Object.entries(oldProofPages)) {
      test(`${name} can be used by anybody, and fits (${words.tag})`, async ({ page, alice, bob, inbox, complaints }) => {
        await open({ page, alice, bob, inbox, complaints, words });
        await expectGoodLooks(page, name, words);
      });
    }
  });
}
