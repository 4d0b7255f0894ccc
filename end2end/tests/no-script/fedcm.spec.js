// Without JavaScript the browser asks nobody by itself: nothing is seen of it, and the links do everything.
import { arrive, visit } from '../../support/arrive.js';
import { expect, goTo, linkTo, withFedCm as test } from '../../support/federation.js';
import { DashboardPage } from '../../support/pages/dashboard.js';

test('the page is as it would be without it, and its link signs in', async ({ page, acme, carol }) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await visit(page, '/sign-in?next=/account/sessions');
  await expect(linkTo(page, acme)).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  expect(asked.filter((path) => path.includes('fedcm'))).toEqual([]);
  await (await goTo(page, acme)).signIn(carol);
  await arrive(page, '/account/sessions');
  await visit(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
});

test('a form of it that somebody sends by hand lets nobody in', async ({ page, server }) => {
  const answer = await page.request.post('/rpc/fedcm_sign_in', {
    form: { provider: 'acme', token: 'a.b.c', state: 'x'.repeat(43), next: '/dashboard' },
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: server.url },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  expect(new URL(answer.headers().location, server.url).pathname).toBe('/sign-in');
  await page.goto('/dashboard');
  await arrive(page, '/sign-in');
});
