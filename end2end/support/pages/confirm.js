// The page /account/confirm: the password once more, before a risky act.
import { english } from '../words.js';

export class ConfirmPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.confirmIdentity });
    /** Instead of it where nothing waits. */
    this.goneHeading = page.getByRole('heading', { level: 1, name: words.nothingWaits });
    this.toAccount = page.getByRole('link', { name: words.toAccount, exact: true });
    this.password = page.getByLabel(words.currentPassword, { exact: true });
    this.button = page.getByRole('button', { name: words.confirm, exact: true });
    this.cancel = page.getByRole('main').getByRole('link', { name: words.cancel, exact: true });
    this.refusal = page.getByRole('alert');
  }

  /** What is to be done, such as `Change your address`. */
  act(label) {
    return this.page.getByRole('main').getByText(label, { exact: true });
  }

  async submit({ password }) {
    await this.password.fill(password);
    await this.button.click();
  }
}
