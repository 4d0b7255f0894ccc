// The page /keep-account, behind the link in the mail about an account that is about to go.
import { arrive } from '../arrive.js';
import { english } from '../words.js';

export class KeepAccountPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.keepQuestion });
    this.day = page.getByRole('main').locator('time');
    this.button = page.getByRole('button', { name: words.keepAccount, exact: true });
    this.deadHeading = page.getByRole('heading', { level: 1, name: words.deadLink });
  }

  /** Keeps the account and waits for the sign-in page. */
  async keep() {
    await this.button.click();
    await arrive(this.page, '/sign-in');
  }
}
