// The page that asks before a native app gets its code: anybody can use it, on a phone and on a screen, in both themes.
import { expect, test } from '../../support/federation.js';
import { expectGoodLooks } from '../../support/looks.js';
import { NativeApp } from '../../support/native_app.js';
import { NativeAppPage } from '../../support/pages/native_app.js';
import { ProviderPage } from '../../support/pages/provider.js';
import { english, french } from '../../support/words.js';

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    test(`the page before an app fits (${words.tag})`, async ({ page, server, acme, carol }) => {
      const app = await NativeApp.start();
      await page.goto(await app.begin(server, acme));
      await new ProviderPage(page, acme).signIn(carol);
      const asked = new NativeAppPage(page);
      await asked.shown(acme);
      await expect(asked.facts).toContainText(carol.email);
      await expectGoodLooks(page, 'native-app', words);
      await app.stop();
    });
  });
}
