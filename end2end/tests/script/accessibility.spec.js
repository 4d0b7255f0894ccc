// axe finds nothing to object to, on any page, in both themes, on a phone and on a screen.
import AxeBuilder from '@axe-core/playwright';

import { entryPages, everyPage, themes } from '../../support/every_page.js';
import { expect, test } from '../../support/test.js';
import { french } from '../../support/words.js';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 800 },
];

async function expectNoViolation(page) {
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme });
    for (const size of sizes) {
      await page.setViewportSize(size);
      const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
      const found = violations.flatMap(({ id, help, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
      );
      expect.soft(found, `${colorScheme}, ${size.width} px`).toEqual([]);
    }
  }
}

for (const [name, open] of Object.entries(everyPage)) {
  test(`${name} is accessible, in light and dark`, async ({ page, alice, bob, inbox, complaints }) => {
    await open({ page, alice, bob, inbox, complaints });
    await expectNoViolation(page);
  });
}

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' });

  for (const [name, open] of Object.entries({ ...entryPages, dashboard: everyPage.dashboard })) {
    test(`${name} is accessible in French, in light and dark`, async ({ page, alice, bob, inbox, complaints }) => {
      await open({ page, alice, bob, inbox, complaints, words: french });
      await expectNoViolation(page);
    });
  }
});
