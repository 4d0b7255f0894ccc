// The pages /admin/audit and /orgs/{slug}/audit: the lines of the audit log, and what is sought among them.
import { expect } from '@playwright/test';

import { hydrated, query, visit } from '../arrive.js';
import { english } from '../words.js';

export class AuditPage {
  constructor(page, words = english, path = '/admin/audit') {
    this.page = page;
    this.path = path;
    this.heading = page.getByRole('heading', { level: 1, name: words.auditLog, exact: true });
    this.form = page.getByRole('search');
    this.person = this.form.getByLabel(words.auditPerson, { exact: true });
    this.kind = this.form.getByLabel(words.auditKind, { exact: true });
    this.from = this.form.getByLabel(words.auditFrom, { exact: true });
    this.searchButton = this.form.getByRole('button', { name: words.search, exact: true });
    this.rows = page.locator('.audit-table > tbody > tr');
    this.picture = page.getByRole('img', { name: words.linesOfEachDay });
    this.whole = page.getByText(words.auditWhole, { exact: true });
    this.csv = page.getByRole('link', { name: words.downloadCsv, exact: true });
    this.jsonLines = page.getByRole('link', { name: words.downloadJsonLines, exact: true });
    this.empty = page.locator('main .empty');
  }

  async open() {
    await visit(this.page, this.path);
  }

  /** Looks for lines that name a person, of kinds that begin so. */
  async search({ person = '', kind = '' }) {
    await this.person.fill(person);
    await this.kind.fill(kind);
    await this.searchButton.click();
    await expect(this.page).toHaveURL((url) => url.searchParams.get('person') === person && url.searchParams.get('kind') === kind);
    expect(query(this.page, 'after')).toBeNull();
    await hydrated(this.page);
  }

  /** Opens what is known of a line, and gives it. */
  async details(row) {
    await row.locator('summary').click();
    const details = row.locator('details');
    await expect(details).toHaveAttribute('open', '');
    return details;
  }
}
