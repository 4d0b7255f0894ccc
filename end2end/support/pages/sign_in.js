// The page /sign-in, and what a person does there.
import { arrive, visit } from '../arrive.js';
import { english } from '../words.js';

export class SignInPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.signIn });
    this.email = page.getByLabel(words.email, { exact: true });
    this.password = page.getByLabel(words.password, { exact: true });
    this.forgotLink = page.getByRole('link', { name: words.forgotPassword, exact: true });
    this.button = page.getByRole('button', { name: words.signIn, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open(path = '/sign-in') {
    await visit(this.page, path);
  }

  async submit({ email, password }) {
    await this.email.fill(email);
    await this.password.fill(password);
    await this.button.click();
  }

  /** Signs in and waits for the page behind it. */
  async signIn(person, next = '/dashboard') {
    await this.submit(person);
    await arrive(this.page, next);
  }
}
