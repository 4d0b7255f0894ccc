// The pages /admin/organizations and /admin/organizations/{id}: all organizations, and the members of one.
import { expect } from '@playwright/test';

import { hydrated, query, visit } from '../arrive.js';

export class AdminOrganizationsPage {
  constructor(page) {
    this.page = page;
    this.field = page.locator('#q');
    /** The lines of the table, of organizations or of the members of one. */
    this.rows = page.locator('main tbody').getByRole('row');
    this.reason = page.locator('#reason');
    this.closing = page.locator('form[action="/rpc/admin_close_organization"]').getByRole('button');
    this.reopening = page.locator('form[action="/rpc/admin_reopen_organization"]').getByRole('button');
  }

  async open() {
    await visit(this.page, '/admin/organizations');
  }

  /** Looks for the beginning of a name or an address, or for an id. */
  async search(text) {
    await this.field.fill(text);
    await this.field.press('Enter');
    await expect(this.page).toHaveURL((url) => url.searchParams.get('q') === text);
    await hydrated(this.page);
  }

  /** Finds an organization by its address and opens it. */
  async openOrganization(slug) {
    await this.open();
    await this.search(slug);
    await this.rows.first().getByRole('link').click();
    await expect(this.page).toHaveURL(/\/admin\/organizations\/[0-9a-f-]+$/);
    await hydrated(this.page);
  }

  /** Closes the organization, unless it is closed. */
  async close(reason) {
    if (await this.reopening.isVisible()) return;
    await this.reason.fill(reason);
    await this.closing.click();
    await expect.poll(() => query(this.page, 'note')).toBe('closed');
    await hydrated(this.page);
  }

  /** Opens it again. */
  async reopen() {
    await this.reopening.click();
    await expect.poll(() => query(this.page, 'note')).toBe('reopened');
    await hydrated(this.page);
  }
}
