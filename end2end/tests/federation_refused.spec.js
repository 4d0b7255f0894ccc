// Ways to a provider that lead nowhere: one clear page each, with a way on, and nothing made or linked. It runs with
// JavaScript and without.
import { arrive, query, visit } from '../support/arrive.js';
import { refusedAt, wayTo } from '../support/by_hand.js';
import { expect, goTo, linkTo, test } from '../support/federation.js';
import { RefusedPage } from '../support/pages/connections.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { ProviderPage } from '../support/pages/provider.js';
import { json } from '../support/provider_pages.js';

test('who says no there reads our words, not those of the provider', async ({ page, acme }) => {
  await visit(page, '/sign-in?next=/account/sessions');
  await (await goTo(page, acme)).deny();
  const refused = new RefusedPage(page);
  await refused.shown(acme);
  expect(query(page, 'code')).toBe('provider_refused');
  expect(page.url()).not.toContain('person');
  await expect(refused.sentence).toContainText('did not let you through');
  await expect(page.getByRole('main')).not.toContainText('The person said no');
  await refused.otherWays.click();
  await arrive(page, '/sign-in');
});

test('a provider that nobody can reach says so at once, and the other ways are there', async ({ page }) => {
  await visit(page, '/sign-in');
  await linkTo(page, { name: 'Gone' }).click();
  const refused = new RefusedPage(page);
  await refused.shown({ id: 'gone' });
  expect(query(page, 'code')).toBe('provider_unavailable');
  await expect(refused.sentence).toContainText('does not answer');
  await expect(refused.tryAgain).toHaveCount(1);
});

/** What a token endpoint may answer, and what the person is told. */
const brokenAnswers = {
  'an error of its own': [(answer) => json(answer, { error: 'server_error' }, { status: 500 }), 'provider_unavailable'],
  'a page instead of JSON': [
    (answer) => answer.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Maintenance</h1>'),
    'provider_answer_invalid',
  ],
  'no ID token': [
    (answer) => json(answer, { access_token: 'x', token_type: 'Bearer', expires_in: 60 }),
    'provider_answer_invalid',
  ],
  'half an answer': [
    (answer) => {
      answer.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' });
      answer.write('{"access_', () => answer.destroy());
    },
    undefined,
  ],
  'more than anybody reads': [
    (answer) => answer.writeHead(200, { 'content-type': 'application/json' }).end(`{"x":"${'a'.repeat(2_000_000)}"}`),
    'provider_answer_invalid',
  ],
  'a way round': [(answer) => answer.writeHead(302, { location: '/token' }).end(), undefined],
};

test.describe('a provider that answers the code with', () => {
  test.afterEach(({ acme }) => {
    acme.tokenEndpoint = undefined;
  });

  for (const [what, [answerWith, code]] of Object.entries(brokenAnswers)) {
    test(`${what} lets nobody in`, async ({ page, acme, carol }) => {
      acme.tokenEndpoint = (request, answer) => {
        request.resume();
        answerWith(answer);
      };
      await visit(page, '/sign-in');
      await (await goTo(page, acme)).signIn(carol);
      const refused = new RefusedPage(page);
      await refused.shown(acme);
      expect(query(page, 'code')).toMatch(code ? new RegExp(`^${code}$`) : /^provider_(unavailable|answer_invalid)$/);
      await expect(refused.sentence).not.toContainText('Maintenance');

      acme.tokenEndpoint = undefined;
      await refused.tryAgain.click();
      await new ProviderPage(page, acme).signIn(carol);
      await arrive(page, '/dashboard');
    });
  }
});

test('an answer without a state, with an invented one, or with two codes says one thing', async ({ server, acme, carol }) => {
  const way = await wayTo(server, acme, carol);
  const change = (act) => {
    const url = new URL(way.answer);
    act(url.searchParams);
    return url.href;
  };
  for (const [what, address] of [
    ['none', change((query) => query.delete('state'))],
    ['invented', change((query) => query.set('state', 'x'.repeat(43)))],
    ['huge', change((query) => query.set('state', 'x'.repeat(4000)))],
    ['an error and no state', `${server.url}/sign-in/with/acme/callback?error=access_denied`],
  ]) {
    const { answer, to } = await way.show(address);
    expect(answer.status, what).toBe(303);
    expect(refusedAt(to), what).toEqual(['/sign-in/with/acme/refused', 'federation_expired']);
  }
});

test('a refusal of the provider is told to its own browser alone', async ({ page, server, acme, carol }) => {
  const { answer } = await wayTo(server, acme, carol);
  const denied = new URL(answer);
  denied.searchParams.delete('code');
  denied.searchParams.set('error', '<script>alert(1)</script>');
  await page.goto(denied.href);
  await arrive(page, '/sign-in/with/acme/refused');
  expect(query(page, 'code')).toBe('federation_expired');
  expect(await page.content()).not.toContain('alert(1)');
});

test('a provider that the settings do not know is no page', async ({ page, complaints }) => {
  complaints.expectRefusal(404, '/sign-in/with/nobody');
  expect((await page.goto('/sign-in/with/nobody')).status()).toBe(404);
});

test('whoever is signed in stays so when a stranger’s answer is shown to them, and reads that nothing has changed', async ({ page, server, acme, carol, bobSignedIn: bob }) => {
  const { answer } = await wayTo(server, acme, carol);
  await page.goto(answer);
  const refused = new RefusedPage(page);
  await refused.shown(acme);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing has changed');
  await expect(refused.tryAgain).toHaveCount(0);
  await page.getByRole('main').getByRole('link', { name: 'Open dashboard', exact: true }).click();
  await arrive(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});
