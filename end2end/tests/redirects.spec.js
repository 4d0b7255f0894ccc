// After the sign-in one lands on this site, whatever the address said.
import { arrive, query, visit } from '../support/arrive.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { expect, test } from '../support/test.js';

const strangers = [
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/%2fevil.example',
  'https://evil.example',
  'javascript:alert(1)',
];

for (const next of strangers) {
  test(`next=${JSON.stringify(next)} leads to the dashboard`, async ({ page, baseURL, bob }) => {
    const signIn = new SignInPage(page);
    await signIn.open(`/sign-in?next=${encodeURIComponent(next)}`);
    await signIn.signIn(bob, '/dashboard');
    expect(new URL(page.url()).origin).toBe(baseURL);
  });
}

test('a forged form field is followed no more than the address', async ({ page, baseURL, bob }) => {
  const answer = await page.request.post('/rpc/sign_in', {
    form: { email: bob.email, password: bob.password, next: '//evil.example' },
    headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin' },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  expect(new URL(answer.headers().location, baseURL).href).toBe(`${baseURL}/dashboard`);
});

test('signed out, the dashboard answers an empty redirect', async ({ page, request }) => {
  const answer = await request.get('/dashboard', { maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  expect(await answer.text()).toBe('');
  await visit(page, '/dashboard');
  await arrive(page, '/sign-in');
  expect(query(page, 'next')).toBe('/dashboard');
});
