// The page /reset-password: it waits for the mailed code, or asks for the password behind the link.
import { arrive } from '../arrive.js';
import { english } from '../words.js';

export class ResetPasswordPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.checkMail });
    this.linkHeading = page.getByRole('heading', { level: 1, name: words.chooseNewPassword });
    /** Only on the page that waits. */
    this.code = page.getByLabel(words.code, { exact: true });
    this.newPassword = page.getByLabel(words.newPassword, { exact: true });
    this.button = page.getByRole('button', { name: words.changePassword, exact: true });
    this.again = page.getByRole('button', { name: words.sendAgain, exact: true });
    this.refusal = page.getByRole('alert');
    this.askAgain = page.getByRole('main').getByRole('link', { name: words.askAgain, exact: true });
  }

  async submit({ code, password }) {
    if (code !== undefined) await this.code.fill(code);
    await this.newPassword.fill(password);
    await this.button.click();
  }

  /** Sends what is right and waits for the sign-in page. */
  async change(typed) {
    await this.submit(typed);
    await arrive(this.page, '/sign-in');
  }
}
