// The pages of an authenticator app, its recovery codes, the second half of a sign-in and trusted devices. What is pressed
// is found by where its form leads: what it says is the business of the texts.
import { expect } from '@playwright/test';

import { arrive, hydrated, runsScript, visit } from './arrive.js';

function form(page, action) {
  return page.locator(`form[action="${action}"]`);
}

/** The page /account/authenticator. */
export class AuthenticatorPage {
  constructor(page) {
    this.page = page;
    this.start = form(page, '/rpc/start_totp').getByRole('button');
    this.key = page.locator('#totp-key');
    this.picture = page.locator('.qr');
    this.code = page.locator('#code');
    this.confirm = form(page, '/rpc/confirm_totp').getByRole('button');
    this.appLink = page.locator('a.otpauth-link');
    this.removal = form(page, '/rpc/remove_totp');
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account/authenticator');
  }

  /** Asks for a key and returns it as it is shown. */
  async begin() {
    await this.open();
    await this.start.click();
    await expect(this.key).toBeVisible();
    await hydrated(this.page);
    return this.key.textContent();
  }

  async submit(code) {
    await this.code.fill(code);
    await this.confirm.click();
  }

  async remove() {
    await this.page.locator('details', { has: this.removal }).locator('summary').click();
    await this.removal.getByRole('button').click();
  }
}

/** The page /account/recovery-codes. */
export class RecoveryCodesPage {
  constructor(page) {
    this.page = page;
    this.list = page.locator('#made-codes').locator('li');
    this.download = form(page, '/account/recovery-codes/download').getByRole('button');
    this.saved = page.locator('input[name="saved"]');
    this.goOn = form(page, '/rpc/recovery_codes_saved').getByRole('button');
    this.left = page.locator('.card-head .badge');
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account/recovery-codes');
  }

  /** The codes that are shown this once. */
  async codes() {
    await expect(this.list).toHaveCount(10);
    return (await this.list.allTextContents()).map((code) => code.trim());
  }

  /** Says that they are saved. */
  async keep() {
    await this.saved.check();
    await this.goOn.click();
    await expect(this.list).toHaveCount(0);
    await hydrated(this.page);
  }
}

/** The page /two-step. */
export class TwoStepPage {
  constructor(page) {
    this.page = page;
    this.form = form(page, '/rpc/second_factor').filter({ has: page.locator('#code') });
    this.code = this.form.locator('#code');
    this.trust = this.form.locator('input[type="checkbox"][name="trust_device"]');
    this.button = this.form.locator('button[type="submit"]').first();
    this.refusal = page.getByRole('alert');
  }

  /** Goes over to another kind of factor, such as `recovery_code`. */
  async choose(method) {
    await this.page.locator(`a[href*="method=${method}"]`).click();
    await expect(this.page).toHaveURL(new RegExp(`method=${method}`));
    await hydrated(this.page);
  }

  async submit(code, { trust = false } = {}) {
    await expect(this.trust, 'trust is never ticked before').not.toBeChecked();
    if (trust) await this.trust.check();
    // With a script a whole code goes by itself.
    const goesByItself = runsScript(this.page) && /^\d{6}$/.test(code);
    const sent = this.page.waitForRequest((request) => request.url().endsWith('/rpc/second_factor'));
    await this.code.fill(code);
    if (!goesByItself) await this.button.click();
    await sent;
  }

  /** Types a right code and waits for the page behind it. */
  async pass(code, options) {
    await this.submit(code, options);
    await arrive(this.page, '/dashboard');
  }

  async useRecoveryCode(code) {
    await this.choose('recovery_code');
    await this.pass(code);
  }
}

/** The page /account/trusted-devices. */
export class TrustedDevicesPage {
  constructor(page) {
    this.page = page;
    this.list = page.locator('main ul.devices').locator(':scope > li');
    this.revoke = form(page, '/rpc/revoke_trusted_device').getByRole('button');
  }

  async open() {
    await visit(this.page, '/account/trusted-devices');
  }
}
