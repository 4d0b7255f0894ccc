// The looks of the second half of a sign-in, of the step-up by a factor, and of the page that explains why an account must have one.
import { expect } from '@playwright/test';

import { visit } from './arrive.js';
import { TwoStepPage } from './factor_pages.js';
import { SignInPage } from './pages/sign_in.js';
import { makeAdministrator } from './people.js';
import { enter } from './sessions.js';
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

/** The first half of a sign-in of bob, who has an app. Returns the app. */
async function halfSignedIn({ page, server, bob, words }) {
  const { app } = await addApp(server, bob);
  const form = new SignInPage(page, words);
  await form.open();
  await form.signIn(bob, '/two-step');
  return app;
}

/** As in every_page.js. */
export const factorPolicyPages = {
  'two-step': async (it) => {
    await halfSignedIn(it);
  },

  'two-step-refused': async (it) => {
    const app = await halfSignedIn(it);
    it.complaints.expectRefusal(422, '/two-step');
    await new TwoStepPage(it.page).submit(app.wrongCode());
    await expect(it.page.getByRole('alert')).toBeVisible();
  },

  'two-step-recovery-code': async (it) => {
    await halfSignedIn(it);
    await visit(it.page, '/two-step?method=recovery_code');
  },

  'security-with-app': async (it) => {
    await signInWithApp(it);
    await visit(it.page, '/account/security');
  },

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
    await enter(page, bob, words);
    await visit(page, '/account/second-factor-required');
  },

  'second-factor-met': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/second-factor-required');
  },
};
