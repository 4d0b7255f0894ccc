// The looks of the setup, which is there only while nobody administers the program.
import { arrive } from '../../support/arrive.js';
import { expectGoodLooks } from '../../support/looks.js';
import { enter } from '../../support/sessions.js';
import { test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

test.use({ settings: { KEYWRIGHT_SECOND_FACTOR: 'admins' } });

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    /** Opens a new link. */
    const open = async (page, server) => {
      const [link] = /http:\/\/\S+\/setup\?token=[\w-]+/.exec(await server.command('setup', 'link'));
      await page.goto(link);
      await arrive(page, '/setup');
    };

    test(`setup can be used by anybody, and fits (${words.tag})`, async ({ page, server }) => {
      test.slow();
      await open(page, server);
      await expectGoodLooks(page, 'setup', words);
    });

    test(`setup-confirm can be used by anybody, and fits (${words.tag})`, async ({ page, server, bob }) => {
      test.slow();
      await enter(page, bob, words);
      await open(page, server);
      await expectGoodLooks(page, 'setup-confirm', words);
    });
  });
}
