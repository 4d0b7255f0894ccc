// Everything by keyboard, and always visible where one is.
import { visit } from '../../support/arrive.js';
import { DashboardPage } from '../../support/pages/dashboard.js';
import { SignInPage } from '../../support/pages/sign_in.js';
import { SignUpPage } from '../../support/pages/sign_up.js';
import { expect, test } from '../../support/test.js';

/** Whether the focused element, or the box drawn around it, has a ring that can be seen. */
const ringIsVisible = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return [element, element.parentElement].some((drawn) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(drawn);
      return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 && outlineColor !== 'rgba(0, 0, 0, 0)';
    });
  });

async function tab(page) {
  await page.keyboard.press('Tab');
  const focused = page.locator(':focus');
  await expect(focused).toBeInViewport();
  expect(await ringIsVisible(page), `a visible ring on ${await focused.evaluate((e) => e.outerHTML)}`).toBe(true);
  return focused;
}

test('a person signs in with Tab and Enter alone', async ({ page, bob }) => {
  await visit(page, '/sign-in');
  const signIn = new SignInPage(page);

  const skip = await tab(page);
  await expect(skip).toHaveText('Skip to content');
  await page.keyboard.press('Enter');
  await tab(page);
  await expect(signIn.email, 'after the skip link').toBeFocused();
  await page.keyboard.type(bob.email);
  await tab(page);
  await expect(signIn.password).toBeFocused();
  await page.keyboard.type(bob.password);
  await tab(page);
  await expect(page.getByRole('button', { name: 'Show' })).toBeFocused();
  await tab(page);
  await expect(signIn.forgotLink).toBeFocused();
  await tab(page);
  await expect(signIn.button).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/dashboard');
  await expect(new DashboardPage(page).greeting(bob)).toBeVisible();
});

test('Enter in any field sends the form', async ({ page, bob }) => {
  const signIn = new SignInPage(page);
  await signIn.open();
  await signIn.password.fill(bob.password);
  await signIn.email.fill(bob.email);
  await signIn.email.press('Enter');
  await expect(page).toHaveURL('/dashboard');
});

const entry = ['/', '/sign-up', '/sign-in', '/verify-email', '/forgot-password', '/reset-password'];
const account = ['/account', '/account/email', '/account/sessions', '/account/tokens', '/account/passkeys', '/account/activity', '/account/data'];
for (const path of [...entry, '/dashboard', ...account]) {
  test(`Tab visits everything on ${path}, the skip link first, and shows where it is`, async ({ page, bobSignedIn: _bob }) => {
    await visit(page, path);
    const roles = ['link', 'button', 'textbox', 'combobox', 'checkbox'].map((role) => page.getByRole(role));
    const wanted = await [...roles, page.locator('summary')].reduce((all, one) => all.or(one)).count();
    await expect(await tab(page)).toHaveText('Skip to content');
    for (let visited = 1; visited < wanted; visited += 1) await tab(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName), 'behind the last one').toBe('BODY');
  });
}

test('the focus goes to the first field at fault', async ({ page, alice }) => {
  const signUp = new SignUpPage(page);
  await signUp.open();
  await signUp.submit({ ...alice, email: 'nobody', password: 'short' });
  await expect(signUp.email).toBeFocused();
});
