// The page /sign-up, and what a person does there.
import { arrive, visit } from '../arrive.js';
import { english } from '../words.js';

export class SignUpPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.createAccount });
    this.name = page.getByLabel(words.name, { exact: true });
    this.email = page.getByLabel(words.email, { exact: true });
    this.password = page.getByLabel(words.password, { exact: true });
    this.button = page.getByRole('button', { name: words.createAccount, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/sign-up');
  }

  async submit({ name, email, password }) {
    await this.name.fill(name);
    await this.email.fill(email);
    await this.password.fill(password);
    await this.button.click();
  }

  /** Fills in the form and waits for the page that waits. */
  async signUp(person) {
    await this.submit(person);
    await arrive(this.page, '/verify-email');
  }
}
