// The page works before the script has arrived, and loses nothing when it does.
import { arrive, hydrated } from '../../support/arrive.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { SignUpPage } from '../../support/pages/sign_up.js';
import { expect, test } from '../../support/test.js';

/** Holds the wasm back. Returns what lets it go. */
async function holdScript(page) {
  let release;
  const released = new Promise((done) => (release = done));
  await page.route('**/*.wasm', async (route) => {
    await released;
    // The page that asked may be gone.
    await route.continue().catch(() => undefined);
  });
  return release;
}

const open = (page, path) => page.goto(path, { waitUntil: 'domcontentloaded' });

test('what is typed before the script arrives stays', async ({ page, alice }) => {
  const letScriptCome = await holdScript(page);
  await open(page, '/sign-up');
  const signUp = new SignUpPage(page);
  await signUp.name.fill(alice.name);
  await signUp.email.pressSequentially(alice.email);
  await signUp.password.fill(alice.password);
  await expect(page.locator('html')).not.toHaveAttribute('data-hydrated');

  letScriptCome();
  await hydrated(page);
  await expect(signUp.name).toHaveValue(alice.name);
  await expect(signUp.email).toHaveValue(alice.email);
  await expect(signUp.password).toHaveValue(alice.password);
  await expect(signUp.password, 'the field one was in').toBeFocused();
  await signUp.button.click();
  await arrive(page, '/verify-email');
});

test('a form sent before the script arrives works', async ({ page, bob }) => {
  const letScriptCome = await holdScript(page);
  await open(page, '/sign-in');
  await new SignInPage(page).submit(bob);
  await expect(page).toHaveURL('/dashboard');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
  letScriptCome();
  await hydrated(page);
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('a refusal without script is taken over by the script', async ({ page, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  const letScriptCome = await holdScript(page);
  await open(page, '/sign-in');
  const signIn = new SignInPage(page);
  await signIn.submit({ ...bob, password: 'not the password' });
  await expect(signIn.refusal).toContainText('The email or password is incorrect.');
  letScriptCome();
  await hydrated(page);
  await expect(signIn.refusal).toContainText('The email or password is incorrect.');
  await expect(signIn.email).toHaveValue(bob.email);
  await expect(page, 'a reload should start fresh').not.toHaveURL(/__err/);
  await signIn.signIn(bob);
});

test('nothing moves when the script arrives', async ({ page }) => {
  const letScriptCome = await holdScript(page);
  await open(page, '/sign-up');
  await page.evaluate(() => {
    window.shift = 0;
    const add = (list) => list.getEntries().forEach((entry) => (window.shift += entry.value));
    new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });
  });
  const before = await page.getByRole('main').boundingBox();
  letScriptCome();
  await hydrated(page);
  expect(await page.getByRole('main').boundingBox()).toEqual(before);
  expect(await page.evaluate(() => window.shift), 'cumulative layout shift').toBe(0);
});
