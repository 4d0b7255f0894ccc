// The main job, from the first visit to the sign-out. It runs with JavaScript and without: what a
// person sees and does is the same.
import { arrive, query, runsScript, statusAfter, visit } from '../support/arrive.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { SignUpPage } from '../support/pages/sign_up.js';
import { VerifyEmailPage } from '../support/pages/verify_email.js';
import { expect, test } from '../support/test.js';

test('a newcomer creates an account, types the code, signs in, stays signed in and signs out', async ({ page, inbox, alice }) => {
  const [signUp, waiting] = [new SignUpPage(page), new VerifyEmailPage(page)];
  const [signIn, dashboard] = [new SignInPage(page), new DashboardPage(page)];

  await test.step('the front page leads to the form', async () => {
    await visit(page, '/');
    await page.getByRole('main').getByRole('link', { name: 'Create account' }).click();
    await arrive(page, '/sign-up');
  });

  await test.step('the waiting page shows the address', async () => {
    await signUp.signUp(alice);
    await expect(waiting.heading).toBeVisible();
    await expect(page.getByText(alice.email)).toBeVisible();
  });

  await test.step('the typed code leads to the sign-in page, with the address filled in', async () => {
    const { code } = await inbox.mailTo(alice.email, 'verify_email');
    await waiting.typeCode(code);
    await expect(page.getByText('Your address is confirmed.')).toBeVisible();
    await expect(signIn.email).toHaveValue(alice.email);
  });

  await test.step('the dashboard greets by name, also after a reload', async () => {
    await signIn.password.fill(alice.password);
    await signIn.button.click();
    await arrive(page, '/dashboard');
    await expect(dashboard.greeting(alice)).toBeVisible();
    await page.reload();
    await arrive(page, '/dashboard');
    await expect(dashboard.greeting(alice)).toBeVisible();
  });

  await test.step('after the sign-out the dashboard asks for a sign-in, and is where it leads', async () => {
    await dashboard.signOut();
    await expect(page.getByText('You are signed out.')).toBeVisible();
    await visit(page, '/dashboard?from=story');
    await arrive(page, '/sign-in');
    expect(query(page, 'next')).toBe('/dashboard?from=story');
    await signIn.signIn(alice);
    expect(query(page, 'from')).toBe('story');
    await expect(dashboard.greeting(alice)).toBeVisible();
  });

  expect(await inbox.mailsTo(alice.email, 'welcome'), 'welcome mails').toHaveLength(1);
});

test('opening the mailed link changes nothing, pressing its button proves the address', async ({ page, context, inbox, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);
  const { link } = await inbox.mailTo(alice.email, 'verify_email');

  // What a mail scanner does: it opens the link, more than once.
  for (const _ of ['once', 'twice']) expect((await context.request.get(link)).status()).toBe(200);
  expect(await inbox.mailsTo(alice.email, 'welcome'), 'welcome mails').toEqual([]);

  const tab = await context.newPage();
  const behindLink = new VerifyEmailPage(tab);
  await visit(tab, link);
  await expect(tab.getByText(alice.email)).toBeVisible();
  await behindLink.confirmAddress.click();
  await arrive(tab, '/sign-in');
  await inbox.mailTo(alice.email, 'welcome');

  await test.step('the waiting tab goes on: by itself, or at its next reload', async () => {
    if (!runsScript(page)) {
      await page.reload();
      await expect(page.getByRole('heading', { level: 1, name: 'Address confirmed' })).toBeVisible();
      await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    }
    await arrive(page, '/sign-in');
    const signIn = new SignInPage(page);
    await expect(signIn.email).toHaveValue(alice.email);
    await signIn.signIn(alice);
  });
  expect(await inbox.mailsTo(alice.email, 'welcome'), 'welcome mails').toHaveLength(1);
});

test('a link that was used says so and leads on', async ({ page, inbox, alice, complaints }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);
  const { link, code } = await inbox.mailTo(alice.email, 'verify_email');
  await new VerifyEmailPage(page).typeCode(code);

  complaints.expectRefusal(410, '/verify-email');
  expect((await visit(page, link)).status()).toBe(410);
  await expect(page.getByRole('heading', { level: 1, name: 'This link no longer works' })).toBeVisible();
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await arrive(page, '/sign-in');
});

test('somebody who signs up again is told by mail alone, and the page is the same', async ({ page, inbox, bob }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp({ ...bob, password: 'another lamp orbit seven' });
  await expect(new VerifyEmailPage(page).heading).toBeVisible();
  await expect(page.getByText(bob.email)).toBeVisible();

  const mail = await inbox.mailTo(bob.email, 'already_registered');
  expect(mail.text).toContain('/sign-in');
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn(bob);
});

test('somebody who signs in before the address is proved is led to the waiting page', async ({ page, anotherBrowser, inbox, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);

  const elsewhere = await anotherBrowser();
  const signIn = new SignInPage(elsewhere);
  await signIn.open();
  await signIn.submit(alice);
  await arrive(elsewhere, '/verify-email');
  const { code } = await inbox.mailTo(alice.email, 'verify_email');
  await new VerifyEmailPage(elsewhere).typeCode(code);
});

test('after a sign-out the back button shows nothing private', async ({ page, bobSignedIn: bob }) => {
  const dashboard = new DashboardPage(page);
  await expect(dashboard.greeting(bob)).toBeVisible();
  await dashboard.signOut();
  await page.goBack();
  await arrive(page, '/sign-in');
  await expect(page.getByText(bob.email)).toBeHidden();
});

test('without a connection a sign-out shows nothing private either', async ({ page, context, bobSignedIn: bob, complaints }) => {
  complaints.expectWords(/net::ERR_INTERNET_DISCONNECTED/);
  const dashboard = new DashboardPage(page);
  await expect(dashboard.greeting(bob)).toBeVisible();
  await context.setOffline(true);
  await dashboard.signOutButton.click();
  await expect(dashboard.greeting(bob)).toBeHidden();
  await expect(page.getByText(bob.email)).toBeHidden();
  // Nobody heard of it: with a connection the session is still there.
  await context.setOffline(false);
  await dashboard.open();
  await expect(dashboard.greeting(bob)).toBeVisible();
});

test('who is signed in already need not sign in again', async ({ page, bobSignedIn: bob }) => {
  await visit(page, '/sign-in?next=%2Fdashboard%3Ffrom%3Dlink');
  await arrive(page, '/dashboard');
  expect(query(page, 'from')).toBe('link');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a link opened on another device asks for the password, and stays with it when it is wrong', async ({ page, anotherBrowser, inbox, alice, complaints }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.signUp(alice);
  const { link } = await inbox.mailTo(alice.email, 'verify_email');

  const phone = await anotherBrowser();
  const behindLink = new VerifyEmailPage(phone);
  await visit(phone, link);
  complaints.expectRefusal(422, '/verify-email');
  expect(await statusAfter(phone, () => behindLink.confirmAddress.click())).toBe(422);
  await expect(behindLink.password).toHaveAccessibleDescription(/Fill this in\./);

  complaints.expectRefusal(401, '/verify-email');
  await behindLink.password.fill('not the password');
  expect(await statusAfter(phone, () => behindLink.confirmAddress.click())).toBe(401);
  await expect(behindLink.refusal).toBeVisible();

  await behindLink.password.fill(alice.password);
  await behindLink.confirmAddress.click();
  await arrive(phone, '/sign-in');
});
