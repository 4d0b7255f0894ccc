// The page /account/tokens: tokens for programs are made, shown once, and revoked.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class TokensPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.tokens });
    this.name = page.getByLabel(words.name, { exact: true });
    this.scopes = page.getByRole('group', { name: words.scopes });
    this.end = page.getByLabel(words.endsAfter, { exact: true });
    this.button = page.getByRole('button', { name: words.makeToken, exact: true });
    /** The token itself, this once. */
    this.made = page.locator('#made-token');
    this.copy = page.getByRole('button', { name: words.copy, exact: true });
    this.list = page.locator('main ul.devices').locator(':scope > li');
    this.revokeAll = page.getByText(words.revokeAll, { exact: true });
    this.revokeEveryToken = page.getByRole('button', { name: words.revokeEveryToken, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account/tokens');
  }

  /** The box of a scope, such as `profile:read`. */
  scope(name) {
    return this.scopes.locator(`input[value="${name}"]`);
  }

  async submit({ name, scopes = [], end }) {
    await this.name.fill(name);
    for (const scope of scopes) await this.scope(scope).check();
    if (end) await this.end.selectOption(end);
    await this.button.click();
  }

  /** Makes a token of a name that no other has, and returns it. */
  async make(wanted) {
    await this.submit(wanted);
    // Not the page before, which may show the token that was made last.
    await expect(this.token(wanted.name)).toBeVisible();
    await expect(this.made).toBeVisible();
    await hydrated(this.page);
    return this.made.textContent();
  }

  /** The card of a token. */
  token(name) {
    return this.list.filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  }

  /** Revokes a token, and waits for it to be gone. */
  async revoke(name) {
    const token = this.token(name);
    await token.getByText(this.words.revoke, { exact: true }).click();
    await token.getByRole('button', { name: this.words.revokeToken, exact: true }).click();
    await expect(this.token(name)).toHaveCount(0);
    await hydrated(this.page);
  }
}
