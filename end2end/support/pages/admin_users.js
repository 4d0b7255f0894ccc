// The pages /admin/users, /admin/users/bulk and /admin/users/{id}: all accounts, those who are picked, and the sessions of one.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class AdminUsersPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.users, exact: true });
    this.field = page.getByLabel(words.searchField, { exact: true });
    this.searchButton = page.getByRole('button', { name: words.search, exact: true });
    /** The lines of the table, of accounts or of the sessions of one. */
    this.rows = page.locator('main tbody').getByRole('row');
    this.none = page.locator('main .empty');
    this.filters = page.getByRole('search').locator('summary');
    this.exportLink = page.getByRole('link', { name: 'Download CSV', exact: true });
    this.act = page.getByLabel('With those who are picked', { exact: true });
    this.previewButton = page.getByRole('button', { name: 'Preview', exact: true });
  }

  async open() {
    await visit(this.page, '/admin/users');
  }

  /** Looks for a part of a name or address. */
  async search(text) {
    await this.field.fill(text);
    await this.searchButton.click();
    await expect(this.page).toHaveURL((url) => url.searchParams.get('q') === text);
    await hydrated(this.page);
  }

  /** Opens the filters and chooses, such as `{ state: 'suspended' }`. */
  async filter(chosen) {
    if (await this.page.locator('.search-filters').isHidden()) await this.filters.click();
    for (const [name, value] of Object.entries(chosen)) await this.page.locator(`.search-filters #${name}`).selectOption(value);
    await this.searchButton.click();
    await expect(this.page).toHaveURL((url) => Object.entries(chosen).every(([name, value]) => url.searchParams.get(name) === value));
    await hydrated(this.page);
  }

  /** Picks `people` of the list and asks what `act` would do to them. */
  async preview(people, act) {
    for (const { email } of people) await this.page.getByLabel(`Pick ${email}`, { exact: true }).check();
    await this.act.selectOption({ label: act });
    await this.previewButton.click();
    await arrive(this.page, '/admin/users/bulk');
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
