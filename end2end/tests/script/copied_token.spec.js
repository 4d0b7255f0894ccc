// A press copies a token that was made: what a script adds to the page that shows it once.
import { copiedText } from '../../support/clipboard.js';
import { TokensPage } from '../../support/pages/tokens.js';
import { expect, test } from '../../support/test.js';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('a token is copied by one press, and by keyboard', async ({ page, context, bobSignedIn: _bob }) => {
  const tokens = new TokensPage(page);
  await tokens.open();
  const token = await tokens.make({ name: 'Backup', scopes: ['profile:read'] });
  await tokens.copy.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('Copied.', { exact: true })).toBeVisible();
  expect(await copiedText(context)).toBe(token);
});

test('where copying is not allowed, it says what to do', async ({ page, bobSignedIn: _bob }) => {
  const tokens = new TokensPage(page);
  await tokens.open();
  await tokens.make({ name: 'Backup', scopes: ['profile:read'] });
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
  });
  await tokens.copy.click();
  await expect(page.getByText('Select the token and copy it by hand.')).toBeVisible();
});

test('the first box has the focus when none was ticked', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account/tokens');
  const tokens = new TokensPage(page);
  await tokens.open();
  await tokens.submit({ name: 'Backup' });
  await expect(tokens.refusal.getByRole('link', { name: 'What it may do' })).toBeVisible();
  await expect(tokens.scope('profile:read')).toBeFocused();
});
