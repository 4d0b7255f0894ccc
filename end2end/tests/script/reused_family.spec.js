// A family one of whose tokens was used again, on a server where that is soon: what is drawn, and its looks.
import { reusedPages } from '../../support/admin_pages.js';
import { expectGoodLooks } from '../../support/looks.js';
import { AdminSessionPage } from '../../support/pages/admin_session.js';
import { expect, test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

test.use({ settings: { KEYWRIGHT_ROTATION_GRACE_SECONDS: '2' } });

test('the token, the place and the end are marked', async ({ page, server, bob }) => {
  await reusedPages['admin-session-reused']({ page, server, bob });
  const session = new AdminSessionPage(page);
  await expect(session.reuse).toHaveCount(1);
  await expect(session.picture.locator('.family-way')).toHaveCount(1);
  await expect(session.picture.locator('.family-end')).toHaveCount(1);
  await expect(session.picture).toHaveAccessibleName(/Token 1 was used again/);
  await expect(session.list.filter({ hasText: 'Token 1 was used again' })).toHaveCount(1);
  await expect(session.list.last()).toContainText('Ended because a token was used again.');
  await expect(session.endButton, 'it is over').toBeHidden();
});

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    for (const [name, open] of Object.entries(reusedPages)) {
      test(`${name} can be used by anybody, and fits (${words.tag})`, async ({ page, server, bob }) => {
        await open({ page, server, bob, words });
        await expectGoodLooks(page, name, words);
      });
    }
  });
}
