// Too many wrong passwords: the page says when to come again, and the browser works by itself to spare the wait.
import { statusAfter } from '../../support/arrive.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { expect, test } from '../../support/test.js';

test.use({ settings: { KEYWRIGHT_LIMITS: 'on' } });

test('after too many tries the browser works while the person types, and lets them in', async ({ page, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  complaints.expectRefusal(429, '/sign-in');
  const signIn = new SignInPage(page);
  await signIn.open();
  const guess = () => statusAfter(page, () => signIn.submit({ ...bob, password: 'not the password' }));
  for (let tried = 0; tried < 5; tried += 1) expect(await guess()).toBe(401);
  expect(await guess()).toBe(429);

  await expect(signIn.refusal).toContainText('Try again in 1 min.');
  await expect(page.getByRole('status').filter({ hasText: 'Done: you need not wait.' })).toBeVisible();
  await signIn.signIn(bob);
});
