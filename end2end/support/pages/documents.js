// The pages of documents: the list, one, writing one, and deleting one. By names of fields and forms, which are the same in
// every language.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';

export class DocumentsPage {
  constructor(page, organization) {
    this.page = page;
    this.path = `/orgs/${organization.slug}/documents`;
    this.rows = page.locator('main tbody').getByRole('row');
    this.newLink = page.locator(`main a[href="${this.path}/new"]`);
    this.search = page.locator('#q');
    this.state = page.locator('#state');
    this.mine = page.locator('input[name="owner"]');
    this.filters = page.locator('form.document-filters');
  }

  async open() {
    await visit(this.page, this.path);
  }

  /** The titles that are listed. */
  titles() {
    return this.rows.locator('th a');
  }

  async filter({ state, q, mine = false }) {
    if (state) await this.state.selectOption(state);
    if (q) await this.search.fill(q);
    await this.mine.setChecked(mine);
    await this.filters.getByRole('button').click();
    await expect(this.page).toHaveURL((url) => !state || url.searchParams.get('state') === state);
    await hydrated(this.page);
  }
}

export class DocumentPage {
  constructor(page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1 });
    this.body = page.locator('article .document-body');
    this.badges = page.locator('.document-badges .badge');
    this.edit = page.locator('main a[href$="/edit"]');
    this.delete = page.locator('main a[href$="/delete"]');
    this.moveOn = page.locator('form[action="/rpc/change_document_state"] button');
    this.howSensitive = page.locator('form[action="/rpc/change_document_sensitivity"]');
    this.handOver = page.locator('form[action="/rpc/hand_over_document"]');
  }

  /** Publishes, archives or brings it back, whichever comes next. */
  async goOn() {
    await this.moveOn.click();
    await expect(this.page).toHaveURL(/\?note=(published|archived|restored)$/);
    await hydrated(this.page);
  }
}

/** The form of a document, of a new one and of one that is there. */
export class WritingPage {
  constructor(page) {
    this.page = page;
    this.title = page.locator('#title');
    this.body = page.locator('#body');
    this.department = page.locator('#department');
    this.sensitivity = page.locator('#sensitivity');
    this.button = page.locator('main form button[type="submit"]').last();
    this.refusal = page.getByRole('alert');
  }

  async submit({ title, body, department, sensitivity }) {
    if (title !== undefined) await this.title.fill(title);
    if (body !== undefined) await this.body.fill(body);
    if (department !== undefined) await this.department.fill(department);
    if (sensitivity !== undefined) await this.sensitivity.selectOption(sensitivity);
    await this.button.click();
  }

  /** Writes it and waits for its page. */
  async write(wanted) {
    await this.submit(wanted);
    await expect(this.page).toHaveURL(/\/documents\/[0-9a-f-]{36}\?note=(created|saved)$/);
    await hydrated(this.page);
  }
}

/** Deletes the document whose page is open. */
export async function deleteDocument(page, list) {
  await new DocumentPage(page).delete.click();
  await expect(page).toHaveURL(/\/delete$/);
  await hydrated(page);
  await page.locator('form[action="/rpc/delete_document"] button').click();
  await arrive(page, list.path);
}
