// The page /account/activity: what happened to the account.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class ActivityPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
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

  /** "This was not me" beside an event: it opens what happens then. */
  notMe(event) {
    return event.getByText(this.words.notMe, { exact: true });
  }

  /** The button below it, which is there once it was opened. */
  secureButton(event) {
    return event.getByRole('button', { name: this.words.secureAccount, exact: true });
  }

  /** Says of an event that it was somebody else, and waits for the page that says what came of it. */
  async secureBecauseOf(event) {
    await this.notMe(event).click();
    await this.secureButton(event).click();
    await expect(this.page.getByRole('heading', { level: 1, name: this.words.secured })).toBeVisible();
    await hydrated(this.page);
  }
}
