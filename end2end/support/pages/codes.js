// The page /account/codes: codes by mail and SMS as second factors. Found by what its forms do, in any language.
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@playwright/test';

import { arrive, hydrated, runsScript, visit } from '../arrive.js';

/** Types a code into a form that posts to `path`. With a script a whole one may go by itself. */
export async function typeCode(page, form, path, code) {
  const sent = page.waitForRequest((request) => new URL(request.url()).pathname === path);
  await form.locator('#code').fill(code);
  const goesByItself = runsScript(page) && (await Promise.race([sent.then(() => true), pause(1_000, false)]));
  if (!goesByItself) await form.locator('button[type="submit"]').first().click();
  await sent;
}

export class CodesPage {
  constructor(page) {
    this.page = page;
    this.email = page.locator('#email-codes');
    this.phone = page.locator('#phone-codes');
    this.number = page.locator('#phone_number');
    this.code = page.locator('#code');
    this.refusal = page.getByRole('alert');
  }

  #button(name) {
    return this.page.locator(`form[action="/rpc/${name}"] button[type="submit"]`);
  }

  async open() {
    await visit(this.page, '/account/codes');
  }

  async submitNumber(number) {
    await this.number.fill(number);
    await this.#button('request_phone').click();
  }

  /** Asks for codes to a number, and waits for the place where the first is typed. */
  async askForNumber(number) {
    await this.submitNumber(number);
    await expect(this.phone.locator('#code')).toBeVisible();
    await hydrated(this.page);
  }

  async askByMail() {
    await this.#button('switch_on_email_codes').click();
    await expect(this.email.locator('#code')).toBeVisible();
    await hydrated(this.page);
  }

  async submitCode(code) {
    const form = this.page.locator('form').filter({ has: this.code });
    await typeCode(this.page, form, await form.getAttribute('action'), code);
  }

  /** Types a right code and waits for the page behind it. */
  async confirm(code, path = '/account/recovery-codes') {
    await this.submitCode(code);
    await arrive(this.page, path);
  }

  async sendAgain() {
    await this.#button('resend_phone_code').click();
  }

  async cancelNumber() {
    await this.#button('cancel_phone').click();
    await expect(this.number).toBeVisible();
    await hydrated(this.page);
  }

  async switchOffMail() {
    await this.email.locator('summary').click();
    await this.#button('switch_off_email_codes').click();
  }

  async removeNumber() {
    await this.phone.locator('summary').click();
    await this.#button('remove_phone').click();
  }
}
