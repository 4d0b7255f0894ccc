// The page /account/activity: what happened to the account.
import { visit } from '../arrive.js';
import { english } from '../words.js';

export class ActivityPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.activity });
    this.events = page.locator('main ol').getByRole('listitem');
  }

  async open() {
    await visit(this.page, '/account/activity');
  }

  /** The link to a part of the list. */
  filter(name) {
    return this.page.getByRole('main').getByRole('link', { name, exact: true });
  }
}
