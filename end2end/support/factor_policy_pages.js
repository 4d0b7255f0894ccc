// The looks of the step-up by a factor, and of the page that explains why an account must have one.
import { expect } from '@playwright/test';

import { visit } from './arrive.js';
import { TwoStepPage } from './factor_pages.js';
import { SignInPage } from './pages/sign_in.js';
import { makeAdministrator } from './people.js';
import { signIn } from './sessions.js';
import { addApp } from './totp.js';

/** Signs bob in with the code of an app that he has just set up. Returns his recovery codes. */
async function signInWithApp({ page, server, bob, words }) {
  const { app, codes } = await addApp(server, bob);
  const form = new SignInPage(page, words);
  await form.open();
  await form.signIn(bob, '/two-step');
  await new TwoStepPage(page).pass(await app.code());
  return codes;
}

/** As in every_page.js. */
export const factorPolicyPages = {
  'confirm-code': async (it) => {
    await signInWithApp(it);
    await visit(it.page, '/account/confirm?next=/admin');
    await expect(it.page.locator('#code')).toBeVisible();
  },

  'confirm-recovery-code': async (it) => {
    await signInWithApp(it);
    await visit(it.page, '/account/confirm?next=/admin&method=recovery_code');
    await expect(it.page.locator('#code')).toBeVisible();
  },

  'second-factor-required': async ({ page, server, bob, words }) => {
    await makeAdministrator(server, bob);
    await signIn(page, bob, words);
    await visit(page, '/account/second-factor-required');
  },

  'second-factor-met': async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await visit(page, '/account/second-factor-required');
  },
};
