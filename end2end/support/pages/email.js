// The page /account/email: another address is asked for, proves itself, and is called off.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class EmailPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.address });
    /** The card with the address of today. */
    this.current = this.#card(words.currentAddress);
    /** The card of an address that must prove itself; only while one waits. */
    this.waiting = this.#card(words.newAddress);
    this.newEmail = page.getByLabel(words.newEmail, { exact: true });
    this.button = page.getByRole('button', { name: words.sendMail, exact: true });
    this.code = page.getByLabel(words.code, { exact: true });
    this.confirmButton = page.getByRole('button', { name: words.confirm, exact: true });
    this.cancelButton = page.getByRole('button', { name: words.cancelChange, exact: true });
    /** Only behind the mailed link. */
    this.useAddress = page.getByRole('button', { name: words.useAddress, exact: true });
    this.refusal = page.getByRole('alert');
  }

  #card(name) {
    return this.page.locator('main section').filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  }

  async open() {
    await visit(this.page, '/account/email');
  }

  async submit(email) {
    await this.newEmail.fill(email);
    await this.button.click();
  }

  /** Asks for `email` and waits for the page to show that it must prove itself. */
  async ask(email) {
    await this.submit(email);
    await expect(this.waiting).toContainText(email);
    await hydrated(this.page);
  }

  /** Asks for `email` where a password is asked for first, and waits for the page that asks. */
  async askAndBeAsked(email) {
    await this.submit(email);
    await arrive(this.page, '/account/confirm');
  }

  async submitCode(code) {
    await this.code.fill(code);
    await this.confirmButton.click();
  }

  /** Types the mailed code and waits for `email` to be the address of the account. */
  async typeCode(code, email) {
    await this.submitCode(code);
    await expect(this.current).toContainText(email);
    await hydrated(this.page);
  }

  /** Presses the button behind the mailed link and waits for `email` to be the address. */
  async confirmByLink(email) {
    await this.useAddress.click();
    await expect(this.useAddress).toBeHidden();
    await expect(this.current).toContainText(email);
    await hydrated(this.page);
  }

  /** Calls the change off and waits for it to be gone. */
  async cancel() {
    await this.cancelButton.click();
    await expect(this.waiting).toBeHidden();
    await hydrated(this.page);
  }
}
