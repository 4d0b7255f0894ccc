// The page /dashboard, the first one behind the sign-in.
import { arrive, visit } from '../arrive.js';
import { english } from '../words.js';

export class DashboardPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.signOutButton = page.getByRole('button', { name: words.signOut, exact: true });
  }

  async open() {
    await visit(this.page, '/dashboard');
  }

  /** The greeting of `person`. */
  greeting({ name }) {
    return this.page.getByRole('heading', { level: 1, name: this.words.hello(name), exact: true });
  }

  async signOut() {
    await this.signOutButton.click();
    await arrive(this.page, '/sign-in');
  }
}
