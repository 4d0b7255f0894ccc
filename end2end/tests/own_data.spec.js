// One's own data: everything that is known in one file, and the end of the account. It runs with
// JavaScript and without.
import { arrive, visit } from '../support/arrive.js';
import { ActivityPage } from '../support/pages/activity.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { DataPage, downloaded } from '../support/pages/data.js';
import { EmailPage } from '../support/pages/email.js';
import { KeepAccountPage } from '../support/pages/keep_account.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { createAccount, newcomer } from '../support/people.js';
import { firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const fourteenDays = 14 * 24 * 60 * 60 * 1000;

/** The moment that `time` shows is fourteen days from now. */
async function expectInFourteenDays(time) {
  const shown = Date.parse(await time.getAttribute('datetime'));
  expect(Math.abs(shown - Date.now() - fourteenDays), 'milliseconds off').toBeLessThan(60_000);
  await expect(time).toHaveText(/^\w+ \d+, \d{4} at \d\d:\d\d UTC$/);
}

test('one’s data are downloaded for programs and to read, and nobody else is in them', async ({ page, anotherBrowser, server, inbox, alice, bobSignedIn: bob }) => {
  await createAccount(server, inbox, alice);
  await signIn(await anotherBrowser(firefox), bob);
  const data = new DataPage(page);
  await data.open();
  await expect(data.heading).toBeVisible();
  await expect(data.byHand).toBeHidden();

  const json = await downloaded(page, () => data.json.click());
  const known = JSON.parse(json.text);
  await test.step('the file for programs', async () => {
    expect(json.name).toBe(`keywright-${known.exported_at.slice(0, 10)}.json`);
    expect(known.account).toMatchObject({ email: bob.email, name: bob.name, has_password: true, delete_at: null });
    expect(known.sessions.map(({ device }) => device)).toEqual(['Firefox on Linux', 'Chrome on Linux']);
    expect(known.email_changes).toEqual([]);
    expect(known.activity.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['user.created', 'session.started']));
  });
  await expect(page.getByText('Your file is ready.')).toBeVisible();

  await data.open();
  const html = await downloaded(page, () => data.html.click());
  await test.step('the file to read, with the same data inside', async () => {
    expect(html.name).toMatch(/^keywright-\d{4}-\d{2}-\d{2}\.html$/);
    for (const said of ['Your data at Keywright', bob.name, bob.email, 'Firefox on Linux', 'Signed in with the password.']) {
      expect(html.text).toContain(said);
    }
    const [, inside] = /<script[^>]*\bid="data"[^>]*>(.*?)<\/script>/s.exec(html.text);
    const { account, sessions, activity } = JSON.parse(inside);
    expect({ account, sessions }).toEqual({ account: known.account, sessions: known.sessions });
    // The first download is in the second.
    expect(activity.filter(({ kind }) => kind === 'user.exported')).toHaveLength(2);
    expect(activity).toEqual(expect.arrayContaining(known.activity));
  });

  for (const { text } of [json, html]) {
    for (const secret of [alice.email, alice.name, bob.password]) expect(text).not.toContain(secret);
  }
  const lines = new ActivityPage(page);
  await lines.open();
  await expect(lines.events.filter({ hasText: 'Your data were downloaded.' })).toHaveCount(2);
});

test('the file can be read in a browser, without this site', async ({ page, anotherBrowser, bobSignedIn: bob }) => {
  const data = new DataPage(page);
  await data.open();
  const { text } = await downloaded(page, () => data.html.click());
  const elsewhere = await anotherBrowser();
  const asked = [];
  await elsewhere.route('**/*', (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: 'text/html; charset=utf-8', body: text });
  });
  await elsewhere.goto('http://kept.example/');
  await expect(elsewhere).toHaveTitle('Your data at Keywright');
  await expect(elsewhere.getByRole('row', { name: `Email ${bob.email}` })).toBeVisible();
  expect(asked, 'everything that was asked for').toEqual(['http://kept.example/']);
});

test('a download that did not start is started by hand', async ({ page, bobSignedIn: bob }) => {
  const data = new DataPage(page);
  await data.open();
  await downloaded(page, () => data.json.click());
  const { text } = await downloaded(page, () => data.byHand.click());
  expect(JSON.parse(text).account.email).toBe(bob.email);
});

test('signed out there is no file, and the way in leads to the page of the data', async ({ page, bob }) => {
  await visit(page, '/account/data/export?format=json');
  await arrive(page, '/sign-in');
  await new SignInPage(page).signIn(bob, '/account/data');
  await expect(new DataPage(page).json).toBeVisible();
});

test('the end of the account is announced, kept off, asked for again and kept off by mail', async ({ page, anotherBrowser, inbox, bobSignedIn: bob, complaints }) => {
  const data = new DataPage(page);
  await data.open();
  await test.step('the page says what goes, and when', async () => {
    for (const said of [
      'Your account goes 14 days after you ask.',
      'Gone for good: your name, address, password',
      'Kept without you in it:',
      'We send an email with a link that keeps your account.',
    ]) {
      await expect(page.getByText(said)).toBeVisible();
    }
  });

  await test.step('asked for, it shows the day', async () => {
    await data.delete();
    await expect(page.getByText(`We sent an email to ${bob.email} with a link that keeps it.`)).toBeVisible();
    await expectInFourteenDays(data.goingAt);
    await expect(data.deleteButton).toBeHidden();
  });

  const { link: older } = await inbox.mailTo(bob.email, 'deletion_scheduled');
  await test.step('and the account is kept there', async () => {
    await data.keep();
    await expect(page.getByText('Your account stays.')).toBeVisible();
    await expect(data.goingHeading).toBeHidden();
  });

  await data.delete();
  const mails = () => inbox.mailsTo(bob.email, 'deletion_scheduled');
  await expect.poll(async () => (await mails()).length).toBe(2);
  const [{ link }] = await mails();
  const elsewhere = await anotherBrowser();
  const [keep, form] = [new KeepAccountPage(elsewhere), new SignInPage(elsewhere)];

  await test.step('the link of the older mail is of no use', async () => {
    complaints.expectRefusal(410, '/keep-account');
    expect((await visit(elsewhere, older)).status()).toBe(410);
    await expect(keep.deadHeading).toBeVisible();
  });

  await test.step('opening the newer one changes nothing', async () => {
    for (const _ of ['once', 'twice']) expect((await visit(elsewhere, link)).status()).toBe(200);
    await expect(keep.heading).toBeVisible();
    await expect(elsewhere.getByText(bob.email)).toBeVisible();
    await expectInFourteenDays(keep.day);
    await data.open();
    await expect(data.goingHeading).toBeVisible();
  });

  await test.step('its button keeps the account, signed out', async () => {
    await keep.keep();
    await expect(elsewhere.getByText('Your account stays. Sign in as always.')).toBeVisible();
    await expect(form.email).toHaveValue(bob.email);
    await data.open();
    await expect(data.deleteButton).toBeVisible();
  });

  await test.step('used, it says so and leads on', async () => {
    for (const dead of [link, '/keep-account?token=invented', '/keep-account']) {
      expect((await visit(elsewhere, dead)).status(), dead).toBe(410);
      await expect(keep.deadHeading).toBeVisible();
    }
    await elsewhere.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
    await arrive(elsewhere, '/sign-in');
    await form.signIn(bob);
    await expect(new DashboardPage(elsewhere).greeting(bob)).toBeVisible();
  });
});

test('until it goes, the account can be used as always', async ({ page, anotherBrowser, bobSignedIn: bob }) => {
  const data = new DataPage(page);
  await data.open();
  await data.delete();
  const elsewhere = await anotherBrowser();
  await signIn(elsewhere, bob);
  const there = new DataPage(elsewhere);
  await there.open();
  await expect(there.goingHeading).toBeVisible();
  await there.keep();
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('finds the address and the data in French', async ({ page, bob }) => {
    await signIn(page, bob, french);
    const email = new EmailPage(page, french);
    await email.open();
    await expect(email.heading).toBeVisible();
    await email.ask(newcomer('Zoé Petit').email);
    await expect(page.getByText('Rien ne change avant sa confirmation.')).toBeVisible();
    await email.cancel();
    await expect(page.getByText('Le changement est annulé.')).toBeVisible();

    const data = new DataPage(page, french);
    await data.open();
    await expect(data.heading).toBeVisible();
    const { text } = await downloaded(page, () => data.html.click());
    expect(text).toContain('Vos données sur Keywright');
    await data.open();
    await data.delete();
    await expect(data.goingAt).toHaveText(/^\S+ \S+ \d{4} à \d\d:\d\d UTC$/);
    await data.keep();
    await expect(page.getByText('Votre compte est conservé.')).toBeVisible();
  });
});
