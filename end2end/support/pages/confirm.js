// The page /account/confirm: the strongest factor, or the password where there is none, before a risky act.
import { expect } from '@playwright/test';

import { hydrated } from '../arrive.js';
import { english } from '../words.js';

export class ConfirmPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.confirmIdentity });
    /** Instead of it where nothing waits. */
    this.goneHeading = page.getByRole('heading', { level: 1, name: words.nothingWaits });
    this.toAccount = page.getByRole('link', { name: words.toAccount, exact: true });
    this.password = page.getByLabel(words.currentPassword, { exact: true });
    /** Of an account with a second factor, in the place of the password. */
    this.code = page.locator('#code');
    this.button = page.getByRole('button', { name: words.confirm, exact: true });
    this.cancel = page.getByRole('main').getByRole('link', { name: words.cancel, exact: true });
    this.refusal = page.getByRole('alert');
  }

  /** What is to be done, such as `Change your address`. */
  act(label) {
    return this.page.getByRole('main').getByText(label, { exact: true });
  }

  /** Goes over to another kind of factor, such as `recovery_code`. */
  async choose(method) {
    await this.page.locator(`a[href*="method=${method}"]`).click();
    await expect(this.page).toHaveURL(new RegExp(`method=${method}`));
    await hydrated(this.page);
  }

  async submitCode(code) {
    await this.code.fill(code);
    await this.button.click();
  }

  async submit({ password }) {
    await this.password.fill(password);
    await this.button.click();
  }
}
