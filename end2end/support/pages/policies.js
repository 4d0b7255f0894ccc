// The pages below /admin/policies: writing a version, putting one in force, and asking who can do what.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class PoliciesPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.policies, exact: true });
    this.write = page.getByRole('main').getByRole('link', { name: words.writePolicies, exact: true });
    this.text = page.locator('#text');
    this.note = page.getByLabel(words.policyNote, { exact: true });
    this.saveButton = page.getByRole('button', { name: words.savePolicies, exact: true });
    this.activateButton = page.getByRole('button', { name: words.putInForce, exact: true });
    this.faults = page.locator('.fault');
    this.wrongLines = page.locator('.source-wrong');
    this.added = page.locator('.line-added');
    this.inForce = page.getByRole('main').getByText(words.inForce, { exact: true });
    this.askButton = page.getByRole('button', { name: words.ask, exact: true });
  }

  async open() {
    await visit(this.page, '/admin/policies');
  }

  async openVersion(number) {
    await visit(this.page, `/admin/policies/versions/${number}`);
  }

  /** Opens the field with what is in force or waits as a draft. */
  async edit() {
    await this.open();
    await this.write.click();
    await arrive(this.page, '/admin/policies/edit');
  }

  /** Sends a text; whether it is saved shows the page that follows. */
  async submit(text, note = '') {
    await this.text.fill(text);
    await this.note.fill(note);
    await this.saveButton.click();
  }

  /** Saves a text as a version; gives its number. */
  async save(text, note) {
    await this.edit();
    await this.submit(text, note);
    await expect(this.page).toHaveURL(/\/admin\/policies\/versions\/\d+\?note=saved$/);
    await hydrated(this.page);
    return Number(/versions\/(\d+)/.exec(this.page.url())[1]);
  }

  /** Puts the version on the page in force. */
  async activate() {
    await this.activateButton.click();
    await arrive(this.page, '/admin/policies');
    await expect(this.page.getByText(this.words.versionInForce, { exact: true })).toBeVisible();
    await hydrated(this.page);
  }
}
