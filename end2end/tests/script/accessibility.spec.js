// axe finds nothing to object to, on any page, in both themes, on a phone and on a screen.
import { accountPages, entryPages, everyPage, looks } from '../../support/every_page.js';
import { expectNoViolation } from '../../support/looks.js';
import { test } from '../../support/test.js';
import { french } from '../../support/words.js';

for (const [name, open] of Object.entries(everyPage)) {
  test(`${name} is accessible, in light and dark`, async ({ page, server, alice, bob, inbox, complaints }) => {
    await open({ page, server, alice, bob, inbox, complaints });
    await expectNoViolation(page, looks);
  });
}

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' });
  // The colours are the same; the words are longer, and tighter on a phone.
  const onPhone = looks.filter(({ width }) => width < 400);

  for (const [name, open] of Object.entries({ ...entryPages, ...accountPages })) {
    test(`${name} is accessible in French, in light and dark`, async ({ page, server, alice, bob, inbox, complaints }) => {
      await open({ page, server, alice, bob, inbox, complaints, words: french });
      await expectNoViolation(page, onPhone);
    });
  }
});
