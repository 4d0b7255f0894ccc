// The page /admin/sessions/{id}: a refresh token family as a picture and as a list.
import { expect } from '@playwright/test';

import { hydrated } from '../arrive.js';
import { english } from '../words.js';

export class AdminSessionPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.session, exact: true });
    this.picture = page.getByRole('img', { name: words.family });
    this.tokens = this.picture.locator('circle');
    this.bars = this.picture.locator('rect');
    this.reuse = this.picture.locator('.family-reuse');
    this.list = page.locator('main ol').getByRole('listitem');
    this.endButton = page.getByRole('button', { name: words.endSession, exact: true });
  }

  async end() {
    await this.endButton.click();
    await expect(this.page.getByText(this.words.sessionEnded, { exact: true })).toBeVisible();
    await hydrated(this.page);
  }
}
