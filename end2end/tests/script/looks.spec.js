// Every page, in every state that looks different: anybody can use it, in both themes, on a phone and on
// a screen; from a small phone to a wide screen nothing is cut off; and its pictures, to be looked at.
import { everyPage } from '../../support/every_page.js';
import { beyondTheEdge, expectGoodLooks, widths } from '../../support/looks.js';
import { expect, test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    for (const [name, open] of Object.entries(everyPage)) {
      test(`${name} can be used by anybody, and fits (${words.tag})`, async ({ page, server, alice, bob, inbox, complaints }) => {
        // Every call there is, on one page: its pictures take their time.
        if (name === 'api-docs') test.setTimeout(240_000);
        await open({ page, server, alice, bob, inbox, complaints, words });
        await expectGoodLooks(page, name, words);
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
  for (const path of ['/dashboard', '/account', '/account/email', '/account/data']) {
    await page.goto(path);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      expect(await beyondTheEdge(page), `${path} at ${width} px`).toEqual([]);
    }
  }
});
