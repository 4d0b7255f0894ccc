// Without JavaScript a token would have to be sent: the page says so instead.
import { TokenDecoderPage } from '../../support/pages/token_decoder.js';
import { expect, test } from '../../support/test.js';

test('the page says that it needs a script, and why', async ({ page }) => {
  const decoder = new TokenDecoderPage(page);
  await decoder.open();
  await expect(page.getByText('This page needs JavaScript')).toBeVisible();
  await expect(page.getByText('a token is a key that belongs to nobody but you')).toBeVisible();
  await expect(decoder.token, 'nothing to paste it into').toBeHidden();
  await expect(page.getByRole('main').locator('form')).toHaveCount(0);
});
