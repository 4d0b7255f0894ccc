// The pages /admin/webhooks and /admin/webhooks/{id}: webhooks are made, tested, changed and removed.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class WebhooksPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.webhooks, exact: true });
    this.address = page.getByLabel(words.webhookAddress, { exact: true });
    this.kinds = page.getByRole('group', { name: words.webhookEvents, exact: true });
    this.make = page.getByRole('button', { name: words.makeWebhook, exact: true });
    /** The secret, this once. */
    this.secret = page.locator('#made-webhook');
    this.picture = page.getByRole('img', { name: words.lastDeliveries });
    this.deliveries = page.getByRole('region', { name: words.deliveries, exact: true }).locator('tbody').getByRole('row');
    this.sendTest = page.getByRole('button', { name: words.sendTest, exact: true });
    this.rotate = page.getByRole('button', { name: words.anotherSecret, exact: true });
    this.removal = page.getByText(words.removeThisWebhook, { exact: true });
    this.remove = page.getByRole('button', { name: words.removeWebhook, exact: true });
    this.rows = page.getByRole('region', { name: words.webhooks, exact: true }).locator('tbody').getByRole('row');
  }

  async open() {
    await visit(this.page, '/admin/webhooks');
  }

  /** Checks the box of a kind, such as `user.created`, or of everything. */
  async choose(kind) {
    const box = this.kinds.locator(`input[value="${kind}"]`);
    if (!(await box.isVisible())) {
      await this.kinds.locator('summary').filter({ hasText: kind.split('.')[0] }).first().click();
    }
    await box.check();
  }

  /** Makes a webhook, and returns its secret. */
  async create(url, kinds) {
    await this.address.fill(url);
    for (const kind of kinds) await this.choose(kind);
    await this.make.click();
    await expect(this.secret).toBeVisible();
    await hydrated(this.page);
    return this.secret.textContent();
  }

  /** Reloads until the newest delivery of a kind shows these words. */
  async untilTold(kind, ...said) {
    await expect(async () => {
      await this.page.reload();
      const row = this.deliveries.filter({ hasText: kind }).first();
      for (const words of said) await expect(row).toContainText(words, { timeout: 500 });
    }).toPass({ timeout: 20_000 });
    await hydrated(this.page);
  }
}
