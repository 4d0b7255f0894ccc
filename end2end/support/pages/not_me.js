// The page /not-me, behind the link "This was not me" of a notice.
import { expect } from '@playwright/test';

import { hydrated } from '../arrive.js';
import { english } from '../words.js';

export class NotMePage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.notMeQuestion });
    this.button = page.getByRole('button', { name: words.secureAccount, exact: true });
    /** Once the button was pressed. */
    this.doneHeading = page.getByRole('heading', { level: 1, name: words.secured });
    this.events = page.locator('main ol').getByRole('listitem');
    this.deadHeading = page.getByRole('heading', { level: 1, name: words.deadLink });
  }

  /** Secures the account and waits for the page that says so. */
  async secure() {
    await this.button.click();
    await expect(this.doneHeading).toBeVisible();
    await hydrated(this.page);
  }
}
