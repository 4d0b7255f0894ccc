// The page /verify-email: it waits for the address to be proved, or asks for it behind the link.
import { arrive } from '../arrive.js';
import { english } from '../words.js';

export class VerifyEmailPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.checkMail });
    this.code = page.getByLabel(words.code, { exact: true });
    this.button = page.getByRole('button', { name: words.confirm, exact: true });
    this.confirmAddress = page.getByRole('button', { name: words.confirmAddress, exact: true });
    /** Only in a browser that did not sign up. */
    this.password = page.getByLabel(words.password, { exact: true });
    this.refusal = page.getByRole('alert');
  }

  async submit(code) {
    await this.code.fill(code);
    await this.button.click();
  }

  /** Types the mailed code and waits for the sign-in page. */
  async typeCode(code) {
    await this.submit(code);
    await arrive(this.page, '/sign-in');
  }
}
