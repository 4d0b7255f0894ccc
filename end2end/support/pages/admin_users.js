// The pages /admin/users and /admin/users/{id}: all accounts, and the sessions of one.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class AdminUsersPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.users, exact: true });
    this.field = page.getByLabel(words.searchField, { exact: true });
    this.searchButton = page.getByRole('button', { name: words.search, exact: true });
    /** The lines of the table, of accounts or of the sessions of one. */
    this.rows = page.locator('main tbody').getByRole('row');
  }

  async open() {
    await visit(this.page, '/admin/users');
  }

  /** Looks for an address or its beginning. */
  async search(text) {
    await this.field.fill(text);
    await this.searchButton.click();
    await expect(this.page).toHaveURL((url) => url.searchParams.get('q') === text);
    await hydrated(this.page);
  }

  /** Finds `person` and opens their account. */
  async openAccount({ email, name }) {
    await this.open();
    await this.search(email);
    await this.rows.getByRole('link', { name: email, exact: true }).click();
    await expect(this.page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
    await hydrated(this.page);
  }

  /** Finds `person` and opens the newest of their sessions. */
  async openNewestSession(person) {
    await this.openAccount(person);
    await this.rows.first().getByRole('link').click();
    await expect(this.page).toHaveURL(/\/admin\/sessions\//);
    await hydrated(this.page);
  }
}
