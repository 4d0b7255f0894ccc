// Two ways in two tabs of one browser do not disturb each other; an answer is good once, in its own browser, and for its
// own provider. It runs with JavaScript and without.
import { arrive, query } from '../support/arrive.js';
import { refusedAt, wayTo } from '../support/by_hand.js';
import { expect, test } from '../support/federation.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { ProviderPage } from '../support/pages/provider.js';

test('both tabs end where they wanted to, in whichever order they come back', async ({ page, context, acme, vault, carol }) => {
  const other = await context.newPage();
  await page.goto('/sign-in/with/acme?next=/account/sessions');
  await other.goto('/sign-in/with/vault?next=/account/activity');
  const [first, second] = [new ProviderPage(page, acme), new ProviderPage(other, vault)];
  await first.shown();
  await second.shown();
  const elsewhere = { ...carol, sub: `${carol.sub}1`, email: `vault-${carol.email}` };
  await second.signIn(elsewhere);
  await arrive(other, '/account/activity');
  await first.signIn(carol);
  await arrive(page, '/account/sessions');
});

test('two ways to one provider are two', async ({ page, context, acme, carol }) => {
  const other = await context.newPage();
  for (const tab of [page, other]) await tab.goto('/sign-in/with/acme');
  await new ProviderPage(page, acme).signIn(carol);
  await arrive(page, '/dashboard');
  await new ProviderPage(other, acme).signIn(carol);
  await arrive(other, '/dashboard');
  await expect(new DashboardPage(other).greeting(carol)).toBeVisible();
});

test('an answer is good once', async ({ page, server, acme, carol }) => {
  const way = await wayTo(server, acme, carol);
  const { answer, to } = await way.show();
  expect(answer.status).toBe(303);
  expect(new URL(to).pathname).toBe('/dashboard');
  expect(refusedAt((await way.show()).to)).toEqual(['/sign-in/with/acme/refused', 'federation_expired']);

  await test.step('and never in another browser', async () => {
    await page.goto(way.answer);
    await arrive(page, '/sign-in/with/acme/refused');
    expect(query(page, 'code')).toBe('federation_expired');
    await page.goto('/dashboard');
    await arrive(page, '/sign-in');
  });
});

test('what one provider answered is no answer of another, and uses nothing up', async ({ server, acme, carol }) => {
  const way = await wayTo(server, acme, carol);
  const swapped = way.answer.replace('/with/acme/', '/with/vault/');
  expect(refusedAt((await way.show(swapped)).to)).toEqual(['/sign-in/with/vault/refused', 'federation_expired']);
  expect(new URL((await way.show()).to).pathname).toBe('/dashboard');
});

test('another issuer, or none, is not believed', async ({ server, acme, vault, carol }) => {
  for (const forge of [(query) => query.set('iss', vault.issuer), (query) => query.delete('iss')]) {
    const way = await wayTo(server, acme, carol);
    const forged = new URL(way.answer);
    forge(forged.searchParams);
    expect(refusedAt((await way.show(forged.href)).to)).toEqual(['/sign-in/with/acme/refused', 'provider_answer_invalid']);
  }
});
