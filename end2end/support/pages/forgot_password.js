// The page /forgot-password, and what a person does there.
import { arrive, visit } from '../arrive.js';
import { english } from '../words.js';

export class ForgotPasswordPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.forgotPassword });
    this.email = page.getByLabel(words.email, { exact: true });
    this.button = page.getByRole('button', { name: words.sendMail, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/forgot-password');
  }

  async submit({ email }) {
    await this.email.fill(email);
    await this.button.click();
  }

  /** Asks for the mail and waits for the page that waits for its code. */
  async ask(person) {
    await this.submit(person);
    await arrive(this.page, '/reset-password');
  }
}
