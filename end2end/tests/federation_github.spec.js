// GitHub, which speaks OAuth 2.0 alone: the address comes from its API, and refusals with status 200. It runs with
// JavaScript and without.
import { arrive, query, visit } from '../support/arrive.js';
import { expect, goTo, signInWith, test } from '../support/federation.js';
import { ConnectAccountPage, ConnectionsPage, RefusedPage } from '../support/pages/connections.js';
import { DashboardPage } from '../support/pages/dashboard.js';

test.afterEach(({ github }) => {
  Object.assign(github, { refusal: undefined, emailsAnswer: undefined });
});

test('a new person is in at once, with the primary address that GitHub verified', async ({ page, github, carol }) => {
  await signInWith(page, github, carol);
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
  const connections = new ConnectionsPage(page);
  await connections.open();
  await expect(connections.connection(carol)).toContainText('GitHub');
  await page.context().clearCookies();
  await signInWith(page, github, carol);
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
});

test('without a name there, the account is called by its login or address', async ({ page, github, carol }) => {
  await signInWith(page, github, { ...carol, name: '' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Hello, \S+/);
});

test('a primary address that is not verified must be proved', async ({ page, github, carol }) => {
  await signInWith(page, github, carol, { verified: false, next: '/finish-sign-up' });
});

test('the address of an account asks for a proof', async ({ page, github, bobThere }) => {
  await signInWith(page, github, bobThere, { next: '/connect-account' });
  await expect(new ConnectAccountPage(page).heading).toBeVisible();
});

test('who says no there is told so', async ({ page, github }) => {
  await visit(page, '/sign-in');
  await (await goTo(page, github)).deny();
  await new RefusedPage(page).shown(github);
  expect(query(page, 'code')).toBe('provider_refused');
});

for (const refusal of ['bad_verification_code', 'incorrect_client_credentials', 'redirect_uri_mismatch']) {
  test(`${refusal}, told with status 200, lets nobody in`, async ({ page, github, carol }) => {
    github.refusal = refusal;
    await visit(page, '/sign-in');
    await (await goTo(page, github)).signIn(carol);
    await new RefusedPage(page).shown(github);
    expect(query(page, 'code')).toMatch(/^provider_/);
    await page.goto('/dashboard');
    await arrive(page, '/sign-in');
  });
}

for (const [what, emailsAnswer] of Object.entries({
  'an object instead of a list': { status: 200, body: { email: 'carol@example.com', verified: true } },
  'a refusal': { status: 403, body: { message: 'Resource not accessible by integration' } },
  'a list of something else': { status: 200, body: [{ email: ['a@example.com'], primary: 'true', verified: 'true' }] },
})) {
  test(`${what} for addresses counts as no verified address`, async ({ page, github, carol }) => {
    github.emailsAnswer = emailsAnswer;
    await visit(page, '/sign-in');
    await (await goTo(page, github)).signIn(carol);
    await expect(page).toHaveURL((url) => ['/sign-in/with/github/refused', '/finish-sign-up'].includes(url.pathname));
  });
}
