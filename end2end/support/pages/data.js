// The page /account/data: what is known of one, and leaving.
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class DataPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.data });
    this.html = page.getByRole('button', { name: words.downloadHtml, exact: true });
    this.json = page.getByRole('button', { name: words.downloadJson, exact: true });
    /** Only when the file is ready. */
    this.byHand = page.getByRole('link', { name: words.downloadByHand, exact: true });
    this.deleteButton = page.getByRole('button', { name: words.deleteAccount, exact: true });
    /** Only while the account is about to go. */
    this.goingHeading = page.getByRole('heading', { level: 2, name: words.goingAccount });
    this.goingAt = page.locator('main section').filter({ has: this.goingHeading }).locator('time');
    this.keepButton = page.getByRole('button', { name: words.keepAccount, exact: true });
  }

  async open() {
    await visit(this.page, '/account/data');
  }

  /** Asks for the end of the account and waits for the page to say when. */
  async delete() {
    await this.deleteButton.click();
    await expect(this.goingHeading).toBeVisible();
    await hydrated(this.page);
  }

  /** Keeps the account and waits for the page to offer its end again. */
  async keep() {
    await this.keepButton.click();
    await expect(this.deleteButton).toBeVisible();
    await hydrated(this.page);
  }
}

/** The file that `act` makes the page download: its name and its text. */
export async function downloaded(page, act) {
  const started = page.waitForEvent('download');
  await act();
  const download = await started;
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}
