// The looks of passkeys: their page in each state, the offer, and a prompt that was closed.
import { visit } from './arrive.js';
import { Authenticator } from './authenticator.js';
import { PasskeysPage } from './pages/passkeys.js';
import { signIn } from './sessions.js';
import { expect } from './test.js';
import { english } from './words.js';

/** As in every_page.js. */
export const passkeyPages = {
  passkeys: async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await new PasskeysPage(page, words).open();
  },

  'passkeys-confirmed': async (it) => {
    await passkeyPages.passkeys(it);
    await visit(it.page, '/account/passkeys?add=1');
  },

  'passkeys-one': async ({ page, bob, words = english }) => {
    await Authenticator.of(page);
    await signIn(page, bob, words);
    const passkeys = new PasskeysPage(page, words);
    await passkeys.open();
    await passkeys.addFirst();
    await passkeys.rename(passkeys.list.first(), 'The old laptop in the kitchen, with a sticker');
    const [rename, remove] = [words.rename, words.remove];
    for (const opener of [rename, remove]) await passkeys.list.first().getByText(opener, { exact: true }).click();
    await expect(passkeys.list.first().getByRole('button', { name: words.removePasskey })).toBeVisible();
  },

  'passkeys-offer': async ({ page, bob, words = english }) => {
    await Authenticator.of(page);
    await signIn(page, bob, words);
    await expect(page.getByRole('button', { name: words.notNow, exact: true })).toBeVisible();
  },

  'sign-in-passkey-cancelled': async ({ page, words = english }) => {
    await visit(page, '/sign-in');
    await page.evaluate(() => {
      navigator.credentials.get = () => Promise.reject(new DOMException('closed', 'NotAllowedError'));
    });
    await page.getByRole('button', { name: words.signInWithPasskey, exact: true }).click();
    await expect(page.getByText(words.cancelledPrompt)).toBeVisible();
  },
};
