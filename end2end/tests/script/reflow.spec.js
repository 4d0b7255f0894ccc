// From a small phone to a wide screen nothing has to be scrolled sideways, and nothing is cut off.
import { everyPage } from '../../support/every_page.js';
import { expect, test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

const widths = [320, 360, 768, 1280];

/** What reaches beyond the window, by its words; what scrolls by itself or is hidden from sight may. */
const beyondTheEdge = (page) =>
  page.evaluate(() => {
    const shown = (element) => {
      for (let up = element; up && up !== document.body; up = up.parentElement) {
        const { overflowX, clipPath } = getComputedStyle(up);
        if (clipPath !== 'none' || (up !== element && ['auto', 'scroll', 'hidden'].includes(overflowX))) return false;
      }
      return element.checkVisibility();
    };
    const edge = document.documentElement.clientWidth;
    const found = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (right > edge + 0.5 || left < -0.5) && shown(element);
    });
    return found.map((element) => element.outerHTML.slice(0, 120));
  });

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    for (const [name, open] of Object.entries(everyPage)) {
      test(`${name} fits from ${widths[0]} to ${widths.at(-1)} px (${words.tag})`, async ({ page, alice, bob, inbox, complaints }) => {
        await open({ page, alice, bob, inbox, complaints, words });
        for (const width of widths) {
          await page.setViewportSize({ width, height: 800 });
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          expect.soft(overflow, `pixels to scroll sideways at ${width} px`).toBe(0);
          expect.soft(await beyondTheEdge(page), `beyond the edge at ${width} px`).toEqual([]);
        }
      });
    }
  });
}

test('a long name and a long address break nothing', async ({ page, alice, bob, inbox, complaints }) => {
  const long = {
    ...alice,
    name: 'Wolfeschlegelsteinhausenbergerdorff'.repeat(2),
    email: `${'long'.repeat(11)}-${alice.email.replace('example', 'example'.repeat(8))}`,
  };
  await everyPage['verify-email']({ page, alice: long, bob, inbox, complaints });
  await page.setViewportSize({ width: 320, height: 800 });
  expect(await beyondTheEdge(page)).toEqual([]);
  const { code } = await inbox.mailTo(long.email, 'verify_email');
  await page.getByLabel('Verification code').fill(code);
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect(page).toHaveURL(/sign-in/);
  await everyPage.dashboard({ page, bob: long });
  for (const path of ['/dashboard', '/account']) {
    await page.goto(path);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      expect(await beyondTheEdge(page), `${path} at ${width} px`).toEqual([]);
    }
  }
});
