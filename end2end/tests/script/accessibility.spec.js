// axe finds nothing to object to, on any page, in both themes, on a phone and on a screen.
import AxeBuilder from '@axe-core/playwright';

import { accountPages, entryPages, everyPage, look, looks } from '../../support/every_page.js';
import { expect, test } from '../../support/test.js';
import { french } from '../../support/words.js';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function expectNoViolation(page, looks) {
  for (const one of looks) {
    await look(page, one);
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
    expect.soft(found, one.name).toEqual([]);
  }
}

for (const [name, open] of Object.entries(everyPage)) {
  test(`${name} is accessible, in light and dark`, async ({ page, alice, bob, inbox, complaints }) => {
    await open({ page, alice, bob, inbox, complaints });
    await expectNoViolation(page, looks);
  });
}

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' });
  // The colours are the same; the words are longer, and tighter on a phone.
  const onPhone = looks.filter(({ width }) => width < 400);

  for (const [name, open] of Object.entries({ ...entryPages, ...accountPages })) {
    test(`${name} is accessible in French, in light and dark`, async ({ page, alice, bob, inbox, complaints }) => {
      await open({ page, alice, bob, inbox, complaints, words: french });
      await expectNoViolation(page, onPhone);
    });
  }
});
