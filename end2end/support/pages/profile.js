// The page /account: who one is.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class ProfilePage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.profile });
    this.name = page.getByLabel(words.name, { exact: true });
    this.button = page.getByRole('button', { name: words.save, exact: true });
    this.changeAddress = page.getByRole('link', { name: words.changeAddress, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account');
  }

  async submit(name) {
    await this.name.fill(name);
    await this.button.click();
  }

  /** Changes the name and waits for the page to say so. */
  async changeName(name) {
    await this.submit(name);
    await expect(this.page.getByText(this.words.saved, { exact: true })).toBeVisible();
    await hydrated(this.page);
  }
}
