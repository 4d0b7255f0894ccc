// Being signed in with one device or another, and being signed out.
import { expect } from '@playwright/test';

import { arrive, query, visit } from './arrive.js';
import { SignInPage } from './pages/sign_in.js';
import { english } from './words.js';

/** Other devices than the browser of the tests: options of `anotherBrowser`. */
export const firefox = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };
export const iphone = {
  userAgent:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
};

/** Signs `person` in and waits for the dashboard. */
export async function signIn(page, person, words) {
  const form = new SignInPage(page, words);
  await form.open();
  await form.signIn(person);
}

/**
 * Signs `person` in over REST, with the cookies of the browser of `page`: for tests about what comes after. No page opens; the
 * next one is theirs.
 */
export async function enter(page, { email, password }, { tag } = english) {
  const context = page.context();
  const answer = await context.request.post('/api/v1/sign-in', {
    data: { email, password },
    // As a script of our own pages: that of a program is refused beside cookies.
    headers: { 'sec-fetch-site': 'same-origin', 'accept-language': tag },
  });
  expect(answer.status(), `/sign-in: ${await answer.text()}`).toBe(200);
  const kept = (await context.cookies()).map(({ name }) => name);
  expect(kept, 'the cookies of the browser').toContain('__Host-refresh');
}

/** The session of `page` is over: its next page is the sign-in. */
export async function expectSignedOut(page) {
  await visit(page, '/account');
  await arrive(page, '/sign-in');
  expect(query(page, 'next')).toBe('/account');
}

/**
 * Waits until the password of the session of `page` was given too long ago for a risky act: then a
 * file of one's data leads back to its page. The server has `fresh_proof_seconds` of a few seconds.
 */
export async function untilProofIsOld(page) {
  const ask = () =>
    page.request.get('/account/data/export?format=json', { headers: { accept: 'text/html' }, maxRedirects: 0 });
  const status = async () => (await ask()).status();
  await expect.poll(status, { message: 'the file of one’s data', timeout: 10_000 }).toBe(303);
}
