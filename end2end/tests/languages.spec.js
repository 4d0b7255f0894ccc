// English and French: chosen by the browser, changed by a button, the same in pages, errors and mails.
import { arrive, visit } from '../support/arrive.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { SignUpPage } from '../support/pages/sign_up.js';
import { VerifyEmailPage } from '../support/pages/verify_email.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const expectLanguage = (page, tag) => expect(page.locator('html')).toHaveAttribute('lang', tag);

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('meets French from the first page to the last, and in its mails', async ({ page, inbox, alice }) => {
    await visit(page, '/');
    await expectLanguage(page, 'fr');
    await expect(page.getByRole('heading', { level: 1, name: 'Comptes et accès' })).toBeVisible();

    const signUp = new SignUpPage(page, french);
    await signUp.open();
    await signUp.signUp(alice);
    const waiting = new VerifyEmailPage(page, french);
    await expect(waiting.heading).toBeVisible();
    const mail = await inbox.mailTo(alice.email, 'verify_email');
    expect(mail.subject).toBe(`${mail.code} est votre code Keywright`);
    expect(mail.text).toContain('Bonjour,');

    await waiting.typeCode(mail.code);
    await expect(page.getByText('Votre adresse est confirmée.')).toBeVisible();
    await new SignInPage(page, french).signIn(alice);
    await expectLanguage(page, 'fr');
    const dashboard = new DashboardPage(page, french);
    await expect(dashboard.greeting(alice)).toBeVisible();
    expect((await inbox.mailTo(alice.email, 'welcome')).subject).toBe('Bienvenue sur Keywright');
    await dashboard.signOut();
    await expect(page.getByText('Votre session est fermée.')).toBeVisible();
  });

  test('is refused in French', async ({ page, alice, complaints }) => {
    complaints.expectRefusal(422, '/sign-up');
    const signUp = new SignUpPage(page, french);
    await signUp.open();
    await signUp.submit({ ...alice, password: 'trop court' });
    await expect(signUp.refusal).toContainText('Certains champs sont à revoir.');
    await expect(signUp.password).toHaveAccessibleDescription(/Utilisez au moins 12 caractères\./);
    await expect(page).toHaveTitle(/^Erreur\s: Créer un compte/);

    complaints.expectRefusal(401, '/sign-in');
    const signIn = new SignInPage(page, french);
    await signIn.open();
    await signIn.submit(alice);
    await expect(signIn.refusal).toContainText('E-mail ou mot de passe incorrect.');
  });

  test('finds no page in French', async ({ page, complaints }) => {
    complaints.expectRefusal(404, '/nowhere');
    expect((await visit(page, '/nowhere')).status()).toBe(404);
    await expectLanguage(page, 'fr');
    await expect(page.getByRole('heading', { level: 1, name: 'Page introuvable' })).toBeVisible();
  });
});

test('the button in the footer changes the language, and it stays', async ({ page }) => {
  await visit(page, '/sign-in');
  await expectLanguage(page, 'en');
  await page.getByRole('button', { name: 'Français' }).click();
  await expect(new SignInPage(page, french).heading).toBeVisible();
  await arrive(page, '/sign-in');
  await expectLanguage(page, 'fr');
  await expect(page.getByRole('button', { name: 'Français' })).toHaveAttribute('aria-current', 'true');

  await visit(page, '/sign-up');
  await expectLanguage(page, 'fr');
  await expect(new SignUpPage(page, french).heading).toBeVisible();

  await page.getByRole('button', { name: 'English' }).click();
  await expect(new SignUpPage(page).heading).toBeVisible();
  await arrive(page, '/sign-up');
  await expectLanguage(page, 'en');
});

test('the language chosen while signed in stays with the dashboard', async ({ page, bobSignedIn: bob }) => {
  await page.getByRole('button', { name: 'Français' }).click();
  await expect(new DashboardPage(page, french).greeting(bob)).toBeVisible();
  await arrive(page, '/dashboard');
  await expectLanguage(page, 'fr');
});

test('the theme chosen in the footer wins over the system, stays, and leads back to the system', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const html = page.locator('html');
  const choice = (name) => page.getByRole('button', { name, exact: true });
  const expectChoice = async (chosen) => {
    for (const name of ['Same as system', 'Light', 'Dark']) {
      const current = expect(choice(name), name);
      await (name === chosen ? current : current.not).toHaveAttribute('aria-current', 'true');
    }
  };

  await visit(page, '/sign-in');
  await expect(html).not.toHaveAttribute('data-theme');
  await expectChoice('Same as system');
  await choice('Dark').click();
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await arrive(page, '/sign-in');
  await expectChoice('Dark');
  await visit(page, '/');
  await expect(html).toHaveAttribute('data-theme', 'dark');
  await expectChoice('Dark');

  await choice('Same as system').click();
  await expect(html).not.toHaveAttribute('data-theme');
  await arrive(page, '/');
  await expectChoice('Same as system');
});

test('language and theme hold on the pages for developers, too', async ({ page }) => {
  await visit(page, '/sign-in');
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Français' }).click();
  await expectLanguage(page, 'fr');
  for (const path of ['/dev/inbox', '/api/docs']) {
    await page.goto(path);
    await expectLanguage(page, 'fr');
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(page.getByRole('button', { name: 'Sombre' })).toHaveAttribute('aria-current', 'true');
  }
});
