// The small things of the sign-in form that people notice.
import { SignInPage } from '../../support/pages/sign_in.js';
import { expect, test } from '../../support/test.js';

test('a wrong password keeps the address, empties the password and says what to do', async ({ page, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.submit({ ...bob, password: 'not the password' });

  await expect(signIn.refusal).toContainText('The email or password is incorrect.');
  await expect(signIn.email).toHaveValue(bob.email);
  await expect(signIn.password).toHaveValue('');
  await expect(signIn.password).toBeFocused();
  for (const field of [signIn.email, signIn.password]) {
    await expect(field).toHaveAttribute('aria-invalid', 'true');
    await expect(field).toHaveAccessibleDescription(/The email or password is incorrect\./);
  }
  await expect(page).toHaveTitle(/^Error: Sign in/);

  // The focus is where the person goes on.
  await page.keyboard.type(bob.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/dashboard');
});

test('the words for an unknown address are those for a wrong password', async ({ page, alice, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  const signIn = new SignInPage(page);
  const said = [];
  for (const person of [alice, { ...bob, password: 'not the password' }]) {
    await signIn.open();
    await signIn.submit(person);
    await expect(signIn.refusal).toBeVisible();
    said.push(await signIn.refusal.innerText());
  }
  expect(said[0]).toBe(said[1]);
});

test('a double click sends one request, and the button says that it works', async ({ page, bob }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  let requests = 0;
  let answer;
  const mayAnswer = new Promise((done) => (answer = done));
  await page.route('**/rpc/sign_in', async (route) => {
    requests += 1;
    await mayAnswer;
    await route.continue();
  });
  await signIn.email.fill(bob.email);
  await signIn.password.fill(bob.password);
  // Asked beforehand: once the form is on its way, Playwright waits for the next page.
  const busy = signIn.button.evaluate(
    (button) =>
      new Promise((done) => {
        const tell = () => done([button.ariaBusy, document.querySelector('form [role=status]').textContent]);
        new MutationObserver(tell).observe(button, { attributeFilter: ['aria-busy'] });
      }),
  );
  await signIn.button.dblclick({ noWaitAfter: true });
  expect(await busy).toEqual(['true', 'Working…']);
  await page.keyboard.press('Enter');
  await expect.poll(() => requests).toBe(1);
  answer();
  await expect(page).toHaveURL('/dashboard');
  expect(requests).toBe(1);
});

test('password managers find their fields', async ({ page }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await expect(signIn.email).toHaveAttribute('autocomplete', 'username webauthn');
  await expect(signIn.email).toHaveAttribute('type', 'email');
  await expect(signIn.password).toHaveAttribute('autocomplete', 'current-password');
  await expect(signIn.password).toHaveAttribute('id', 'current-password');
});
