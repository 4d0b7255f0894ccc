// Without JavaScript there are no passkeys: nothing offers one, and their page says why.
import { SignInPage } from '../../support/pages/sign_in.js';
import { signIn } from '../../support/sessions.js';
import { expect, test } from '../../support/test.js';
import { english } from '../../support/words.js';

test('no button for a passkey is in the way, and none is offered', async ({ page, bob }) => {
  await new SignInPage(page).open();
  await expect(page.getByRole('button', { name: english.signInWithPasskey })).toBeHidden();
  await page.goto('/sign-up');
  await expect(page.getByRole('button', { name: english.signUpWithPasskey })).toBeHidden();
  await signIn(page, bob);
  await expect(page.getByText(english.offerTitle)).toBeHidden();
  await page.goto('/account/passkeys');
  await expect(page.getByRole('button', { name: english.addPasskey })).toBeHidden();
  await expect(page.getByText('Passkeys need JavaScript, which is off in this browser.')).toBeVisible();
});
