// The page /admin/keys: the keys that sign access tokens, and the question before one is revoked.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class AdminKeysPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.signingKeys, exact: true });
    this.picture = page.getByRole('img', { name: words.keysOverTime });
    this.rows = page.locator('main tbody').getByRole('row');
    this.rotateButton = page.getByRole('button', { name: words.rotateNow, exact: true });
    this.question = page.getByRole('heading', { level: 1, name: words.revokeQuestion });
    this.revokeButton = page.getByRole('button', { name: words.revokeKey, exact: true });
    this.cancel = page.getByRole('main').getByRole('link', { name: words.cancel, exact: true });
  }

  async open() {
    await visit(this.page, '/admin/keys');
  }

  /** The lines of keys in a state, such as `Next`. */
  inState(state) {
    return this.rows.filter({ has: this.page.getByText(state, { exact: true }) });
  }

  async rotate() {
    await this.rotateButton.click();
    await this.says(this.words.rotated);
  }

  /** Opens the question whether the key of a line is to be revoked. */
  async ask(row) {
    await row.getByRole('link', { name: this.words.revoke, exact: true }).click();
    await expect(this.question).toBeVisible();
    await hydrated(this.page);
  }

  async says(sentence) {
    await expect(this.page.getByText(sentence, { exact: true })).toBeVisible();
    await hydrated(this.page);
  }
}
