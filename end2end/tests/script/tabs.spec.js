// Two tabs of one browser: what happens in one, the other knows within a second.
import { arrive, visit } from '../../support/arrive.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { expect, test } from '../../support/test.js';

const second = { timeout: 1_000 };

test('a second tab is signed in as well', async ({ page, context, bobSignedIn: bob }) => {
  const other = await context.newPage();
  await visit(other, '/dashboard');
  await expect(new DashboardPage(other).greeting(bob)).toBeVisible();
  await page.reload();
  await arrive(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a sign-out in one tab leaves the private page of the other within a second', async ({ page, context, bobSignedIn: bob, complaints }) => {
  // The other tab asks the server whether the session really ended.
  complaints.expectRefusal(401, '/api/v1/refresh');
  const other = await context.newPage();
  await visit(other, '/dashboard');
  await expect(new DashboardPage(other).greeting(bob)).toBeVisible();

  const answered = page.waitForResponse('**/rpc/sign_out');
  await new DashboardPage(page).signOutButton.click();
  await answered;
  await expect(other).toHaveURL((url) => url.pathname === '/sign-in', second);
  await arrive(page, '/sign-in');
  await arrive(other, '/sign-in');
});

test('a tab cannot be fooled into leaving by a false word of a sign-out', async ({ page, context, bobSignedIn: bob }) => {
  const other = await context.newPage();
  await visit(other, '/');
  const asked = page.waitForResponse('**/api/v1/refresh');
  // The word that a page says after its sign-out.
  await other.evaluate(() => new BroadcastChannel('keywright-session').postMessage(['signed_out']));
  expect((await asked).status()).toBe(200);
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
  await expect(page).toHaveURL('/dashboard');
});

test('a sign-in in one tab moves the sign-in page of the other on', async ({ page, context, bob }) => {
  const other = await context.newPage();
  await visit(other, '/sign-in?next=%2Fdashboard');
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.signIn(bob);
  await arrive(other, '/dashboard');
  await expect(new DashboardPage(other).greeting(bob)).toBeVisible();
});

test('a sign-out ends the session for whoever kept the cookie', async ({ page, context, bobSignedIn: _bob }) => {
  const kept = (await context.cookies()).find(({ name }) => name === '__Host-refresh');
  await new DashboardPage(page).signOut();
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('__Host-refresh');
  await context.addCookies([kept]);
  await visit(page, '/dashboard');
  await arrive(page, '/sign-in');
});
