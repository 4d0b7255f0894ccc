// Risky acts ask for the password once more when it was given a while ago, and then go on by
// themselves. A while is three seconds here. It runs with JavaScript and without.
import { arrive, query, statusAfter, visit } from '../support/arrive.js';
import { ConfirmPage } from '../support/pages/confirm.js';
import { DataPage, downloaded } from '../support/pages/data.js';
import { DevicesPage } from '../support/pages/devices.js';
import { EmailPage } from '../support/pages/email.js';
import { expectSignedOut, firefox, signIn, untilProofIsOld } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '3' } });

const wrong = { password: 'not the password' };

test('another address asks for the password, says a wrong one at its field, and goes on after the right one', async ({ page, inbox, alice, bobSignedIn: bob, complaints }) => {
  const [email, confirm] = [new EmailPage(page), new ConfirmPage(page)];
  await untilProofIsOld(page);
  await email.open();

  await test.step('what is no address is said before anybody is asked for a password', async () => {
    complaints.expectRefusal(422, '/account/email');
    expect(await statusAfter(page, () => email.submit('alice@example'))).toBe(422);
    await arrive(page, '/account/email');
    await expect(email.newEmail).toHaveAccessibleDescription(/Enter an address like name@example\.com\./);
  });

  await email.askAndBeAsked(alice.email);
  const asked = page.url();
  await expect(confirm.heading).toBeVisible();
  await expect(confirm.act('Change your address')).toBeVisible();
  await expect(confirm.password).toHaveAttribute('autocomplete', 'current-password');

  await test.step('a wrong password is refused at its field, and nothing is done', async () => {
    complaints.expectRefusal(422, '/account/confirm');
    expect(await statusAfter(page, () => confirm.submit(wrong))).toBe(422);
    await arrive(page, '/account/confirm');
    await expect(confirm.password).toHaveAccessibleDescription(/This is not your current password\./);
    await expect(confirm.password).toHaveAttribute('aria-invalid', 'true');
    await expect(confirm.password).toHaveValue('');
    await expect(confirm.act('Change your address')).toBeVisible();
    await expect(page).toHaveTitle(/^Error: Confirm it is you/);
    expect(await inbox.mailsTo(alice.email)).toEqual([]);
  });

  await test.step('the right one goes on by itself, with what was typed before', async () => {
    await confirm.submit(bob);
    await arrive(page, '/account/email');
    await expect(page.getByText('An email is on its way to the new address.')).toBeVisible();
    await expect(email.waiting).toContainText(alice.email);
    await inbox.mailTo(alice.email, 'confirm_email');
  });

  await test.step('the address of the question leads to nothing any more', async () => {
    complaints.expectRefusal(410, '/account/confirm');
    expect((await visit(page, asked)).status()).toBe(410);
    await expect(confirm.goneHeading).toBeVisible();
    await confirm.toAccount.click();
    await arrive(page, '/account');
  });
  expect(await inbox.mailsTo(alice.email, 'confirm_email')).toHaveLength(1);
});

for (const format of ['html', 'json']) {
  test(`one's data as ${format} are downloaded by themselves after the password`, async ({ page, bobSignedIn: bob }) => {
    const [data, confirm] = [new DataPage(page), new ConfirmPage(page)];
    await untilProofIsOld(page);
    await test.step('the address of the file alone leads to the page with the buttons', async () => {
      await visit(page, `/account/data/export?format=${format}`);
      await arrive(page, '/account/data');
    });
    await data[format].click();
    await arrive(page, '/account/confirm');
    await expect(confirm.act('Download your data')).toBeVisible();

    const { name, text } = await downloaded(page, () => confirm.submit(bob));
    expect(name).toMatch(new RegExp(`^keywright-\\d{4}-\\d{2}-\\d{2}\\.${format}$`));
    expect(text).toContain(bob.email);
    await arrive(page, '/account/data');
    await expect(page.getByText('Your file is ready.')).toBeVisible();
    await expect(data.byHand).toHaveAttribute('href', `/account/data/export?format=${format}`);
  });
}

test('the end of the account asks for the password, and is set after it', async ({ page, inbox, bobSignedIn: bob }) => {
  const [data, confirm] = [new DataPage(page), new ConfirmPage(page)];
  await untilProofIsOld(page);
  await data.open();
  await data.deleteButton.click();
  await arrive(page, '/account/confirm');
  await expect(confirm.act('Delete your account')).toBeVisible();
  await confirm.submit(bob);
  await arrive(page, '/account/data');
  await expect(data.goingHeading).toBeVisible();
  await expect(page.getByText(`We sent an email to ${bob.email} with a link that keeps it.`)).toBeVisible();
  await inbox.mailTo(bob.email, 'deletion_scheduled');
});

test('signing another device out asks for the password, and goes on after it', async ({ page, anotherBrowser, bobSignedIn: bob }) => {
  const [devices, confirm] = [new DevicesPage(page), new ConfirmPage(page)];
  const computer = await anotherBrowser(firefox);
  await signIn(computer, bob);
  await untilProofIsOld(page);
  await devices.open();
  await devices.endButton('Firefox on Linux').click();
  await arrive(page, '/account/confirm');
  await expect(confirm.act('Sign out another device')).toBeVisible();
  await visit(computer, '/account');
  await arrive(computer, '/account');
  await confirm.submit(bob);
  await arrive(page, '/account/sessions');
  await expect(page.getByText('The device is signed out.')).toBeVisible();
  await expect(devices.device('Firefox on Linux')).toHaveCount(0);
  await expectSignedOut(computer);
});

test('who calls the question off is led back, and nothing was done', async ({ page, inbox, alice, bobSignedIn: bob }) => {
  const [email, data, confirm] = [new EmailPage(page), new DataPage(page), new ConfirmPage(page)];
  await untilProofIsOld(page);
  await email.open();
  await email.askAndBeAsked(alice.email);
  await confirm.cancel.click();
  await arrive(page, '/account/email');
  await expect(email.current).toContainText(bob.email);
  await expect(email.waiting).toBeHidden();

  await data.open();
  await data.deleteButton.click();
  await arrive(page, '/account/confirm');
  await confirm.cancel.click();
  await arrive(page, '/account/data');
  await expect(data.deleteButton).toBeVisible();
  expect(await inbox.mailsTo(alice.email)).toEqual([]);
  expect(await inbox.mailsTo(bob.email, 'deletion_scheduled')).toEqual([]);
});

test('of two questions the newer one waits', async ({ page, bobSignedIn: _bob, complaints }) => {
  const [data, confirm] = [new DataPage(page), new ConfirmPage(page)];
  await untilProofIsOld(page);
  await data.open();
  await data.json.click();
  await arrive(page, '/account/confirm');
  const older = page.url();
  await data.open();
  await data.deleteButton.click();
  await arrive(page, '/account/confirm');
  const newer = page.url();
  expect(query(page, 'act')).toMatch(/^[\w-]{43}$/);

  complaints.expectRefusal(410, '/account/confirm');
  for (const dead of [older, '/account/confirm?act=invented', '/account/confirm']) {
    expect((await visit(page, dead)).status(), dead).toBe(410);
    await expect(confirm.goneHeading).toBeVisible();
  }
  expect((await visit(page, newer)).status()).toBe(200);
  await expect(confirm.act('Delete your account')).toBeVisible();
});

test('ten wrong passwords sign this device out', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account/confirm');
  const [data, confirm] = [new DataPage(page), new ConfirmPage(page)];
  await untilProofIsOld(page);
  await data.open();
  await data.deleteButton.click();
  await arrive(page, '/account/confirm');
  for (let tries = 1; tries < 10; tries += 1) {
    expect(await statusAfter(page, () => confirm.submit(wrong)), `try ${tries}`).toBe(422);
  }
  await confirm.submit(wrong);
  await arrive(page, '/sign-in');
  await expect(page.getByRole('alert')).toContainText('Too many wrong passwords: we signed this device out.');
  await visit(page, '/account');
  await arrive(page, '/sign-in');
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('is asked for the password in French', async ({ page, bob, alice, complaints }) => {
    await signIn(page, bob, french);
    await untilProofIsOld(page);
    const [email, confirm] = [new EmailPage(page, french), new ConfirmPage(page, french)];
    await email.open();
    await email.askAndBeAsked(alice.email);
    await expect(confirm.heading).toBeVisible();
    await expect(confirm.act('Changer d’adresse')).toBeVisible();
    complaints.expectRefusal(422, '/account/confirm');
    expect(await statusAfter(page, () => confirm.submit(wrong))).toBe(422);
    await expect(confirm.password).toHaveAccessibleDescription(/Ce n’est pas votre mot de passe actuel\./);
  });
});
