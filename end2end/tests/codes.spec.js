// Codes by mail and SMS: switched on, asked for at the sign-in, switched off. It runs with JavaScript and without.
import { arrive, runsScript, statusAfter } from '../support/arrive.js';
import { CodesPage, typeCode } from '../support/pages/codes.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { newNumber } from '../support/people.js';
import { signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

const wrongFor = (code) => (code === '12345678' ? '87654321' : '12345678');

/** The second half of a sign-in, found by what its forms do. */
class TwoStep {
  constructor(page) {
    this.page = page;
    this.form = page.locator('form[action="/rpc/second_factor"]').filter({ has: page.locator('#code') });
    this.send = page.locator('form[action="/rpc/send_second_factor_code"] button[type="submit"]');
  }

  async submit(code) {
    await typeCode(this.page, this.form, '/rpc/second_factor', code);
  }

  async askForCode() {
    await this.send.click();
    await expect(this.page).toHaveURL(/note=sent/);
    await arrive(this.page, '/two-step');
  }
}

/** The first half, in another browser. */
async function firstHalf(page, person) {
  const form = new SignInPage(page);
  await form.open();
  await form.signIn(person, '/two-step');
  return new TwoStep(page);
}

/** Asks for a code on /two-step and gives it. */
async function codeOf(twoStep, inbox, to, kind) {
  const before = (await inbox.mailsTo(to, kind)).length;
  await twoStep.askForCode();
  await expect.poll(async () => (await inbox.mailsTo(to, kind)).length).toBe(before + 1);
  return (await inbox.mailTo(to, kind)).code;
}

test('codes by mail are switched on with one, sign in, and are switched off', async ({ page, anotherBrowser, inbox, bobSignedIn: bob, complaints }) => {
  const codes = new CodesPage(page);
  await codes.open();
  await test.step('the page says what they are worth', async () => {
    await expect(codes.email).toContainText('only proves your mailbox, which also opens the way to a new password');
    await expect(codes.phone).toContainText('Numbers can be taken over, and messages can be read on a locked screen.');
    await expect(page.getByRole('main').locator('a[href="/account/passkeys"]')).toBeVisible();
  });

  await codes.askByMail();
  const { code, subject } = await inbox.mailTo(bob.email, 'second_factor_code');
  expect(subject).toBe(`${code} is your Keywright code`);
  await expect(codes.code).toHaveAttribute('autocomplete', 'one-time-code');
  await expect(codes.code).toHaveAttribute('inputmode', 'numeric');

  await test.step('a wrong code is refused at its field', async () => {
    complaints.expectRefusal(422, '/account/codes');
    for (const wrong of [wrongFor(code), '1234567']) {
      expect(await statusAfter(page, () => codes.submitCode(wrong)), wrong).toBe(422);
      await expect(codes.code).toHaveAttribute('aria-invalid', 'true');
    }
  });
  await codes.confirm(`${code.slice(0, 4)} ${code.slice(4)}`);

  const elsewhere = await anotherBrowser();
  const twoStep = await firstHalf(elsewhere, bob);
  const mailed = await codeOf(twoStep, inbox, bob.email, 'second_factor_code');
  await twoStep.submit(mailed);
  await arrive(elsewhere, '/dashboard');
  await expect(new DashboardPage(elsewhere).greeting(bob)).toBeVisible();

  await codes.open();
  await codes.switchOffMail();
  await expect(page.getByText('Codes by email are off.')).toBeVisible();
  await signIn(await anotherBrowser(), bob);
});

test('a phone number proves itself through its SMS, and signs in', async ({ page, anotherBrowser, inbox, bobSignedIn: bob, complaints }) => {
  const codes = new CodesPage(page);
  const number = newNumber();
  await codes.open();

  await test.step('what is no number is said, and kept', async () => {
    complaints.expectRefusal(422, '/account/codes');
    for (const bad of ['07700 900123', '00447700900123', '+44 (0)7700 900123']) {
      expect(await statusAfter(page, () => codes.submitNumber(bad)), bad).toBe(422);
      await expect(codes.number).toHaveAccessibleDescription(/with a plus and its country code/);
      await expect(codes.number).toHaveValue(bad);
    }
  });

  await codes.askForNumber(`${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`);
  await expect(codes.phone).toContainText(`+44 •••• ••${number.slice(-2)}`);
  const { code, text } = await inbox.mailTo(number, 'sms');
  expect(text).toBe(`Your Keywright code is ${code}.\n\n@localhost #${code}`);

  if (!runsScript(page)) {
    await test.step('another one is not sent at once', async () => {
      complaints.expectRefusal(429, '/account/codes');
      expect(await statusAfter(page, () => codes.sendAgain())).toBe(429);
      await expect(page.getByText('A message is already on its way.')).toBeVisible();
      expect(await inbox.mailsTo(number, 'sms')).toHaveLength(1);
    });
  }

  expect(await statusAfter(page, () => codes.submitCode(wrongFor(code)))).toBe(422);
  await expect(codes.code).toHaveAttribute('aria-invalid', 'true');
  await codes.confirm(code);
  await inbox.mailTo(bob.email, 'factor_added');

  const elsewhere = await anotherBrowser();
  const twoStep = await firstHalf(elsewhere, bob);
  const sent = await codeOf(twoStep, inbox, number, 'sms');
  complaints.expectRefusal(422, '/two-step');
  expect(await statusAfter(elsewhere, () => twoStep.submit(wrongFor(sent)))).toBe(422);
  await twoStep.submit(sent);
  await arrive(elsewhere, '/dashboard');

  await codes.open();
  await codes.removeNumber();
  await expect(page.getByText('Your number is removed.')).toBeVisible();
  await signIn(await anotherBrowser(), bob);
});

test('a number that waits is called off', async ({ page, inbox, bobSignedIn: _bob }) => {
  const codes = new CodesPage(page);
  const number = newNumber();
  await codes.open();
  await codes.askForNumber(number);
  await inbox.mailTo(number, 'sms');
  await codes.cancelNumber();
  await expect(page.getByText('The number is cancelled.')).toBeVisible();
  await expect(codes.code).toHaveCount(0);
});
