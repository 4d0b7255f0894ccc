// Whoever has a second factor is asked for it after a provider, too, unless the settings trust that provider's own. It runs
// with JavaScript and without.
import { arrive, query, visit } from '../support/arrive.js';
import { TwoStepPage } from '../support/factor_pages.js';
import { expect, goTo, signInWith, test } from '../support/federation.js';
import { ConnectAccountPage } from '../support/pages/connections.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { addApp } from '../support/totp.js';

/** Connects the account at `provider` to that of `person`, who has no second factor yet, and signs out. */
async function connect(page, provider, person, there) {
  await visit(page, '/sign-in');
  await (await goTo(page, provider)).signIn(there);
  const pending = new ConnectAccountPage(page);
  await pending.shown();
  await pending.byPassword.click();
  await arrive(page, '/sign-in');
  await new SignInPage(page).signIn(person, '/connect-account');
  await pending.connect.click();
  await arrive(page, '/account/connections');
  const dashboard = new DashboardPage(page);
  await dashboard.open();
  await dashboard.signOut();
}

test('the code of the app is asked for after the provider, and the way goes on to the wanted page', async ({ page, server, acme, bob, bobThere }) => {
  await connect(page, acme, bob, bobThere);
  const { app } = await addApp(server, bob);
  await visit(page, '/sign-in?next=/account/sessions');
  // What the provider says of a second factor counts for nothing: nobody set that it is trusted.
  await (await goTo(page, acme)).signIn(bobThere, { secondFactor: true });
  await arrive(page, '/two-step');
  expect(query(page, 'next')).toBe('/account/sessions');

  await test.step('what waits is no session', async () => {
    await visit(page, '/account');
    await arrive(page, '/sign-in');
    await visit(page, '/two-step?next=/account/sessions');
  });

  await new TwoStepPage(page).submit(await app.code());
  await arrive(page, '/account/sessions');
});

test('a provider that is trusted with it takes the place of the factor, when it says so', async ({ page, server, vault, bob, bobThere }) => {
  await connect(page, vault, bob, bobThere);
  await addApp(server, bob);
  await signInWith(page, vault, bobThere, { next: '/two-step' });
  await page.context().clearCookies();
  await signInWith(page, vault, bobThere, { secondFactor: true });
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('connecting a known address needs the whole sign-in, the factor as well', async ({ page, server, acme, bob, bobThere }) => {
  const { app } = await addApp(server, bob);
  await visit(page, '/sign-in');
  await (await goTo(page, acme)).signIn(bobThere);
  const pending = new ConnectAccountPage(page);
  await pending.shown();
  await pending.byPassword.click();
  await arrive(page, '/sign-in');
  await new SignInPage(page).signIn(bob, '/two-step');
  await new TwoStepPage(page).submit(await app.code());
  await arrive(page, '/connect-account');
  await pending.connect.click();
  await arrive(page, '/account/connections');
});
