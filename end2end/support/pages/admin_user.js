// The page /admin/users/{id}: what is done for and to one account, and the look through somebody else's eyes.
import { expect } from '@playwright/test';

import { arrive, hydrated } from '../arrive.js';

export class AdminUserPage {
  constructor(page) {
    this.page = page;
    this.main = page.getByRole('main');
    this.note = page.getByLabel('Internal note', { exact: true });
    this.reason = page.getByLabel('Reason', { exact: true });
    this.suspendButton = page.getByRole('button', { name: 'Suspend this account', exact: true });
    this.liftButton = page.getByRole('button', { name: 'Lift the suspension', exact: true });
    this.lookLink = page.getByRole('link', { name: 'Look as this person', exact: true });
    this.startButton = page.getByRole('button', { name: 'Start looking', exact: true });
    this.refusal = page.getByRole('alert');
    /** What every page in somebody else's place says on top. */
    this.banner = page.getByRole('complementary', { name: 'In somebody else’s place' });
    this.stopButton = this.banner.getByRole('button', { name: 'Stop', exact: true });
  }

  async says(sentence) {
    await expect(this.page.getByText(sentence, { exact: true })).toBeVisible();
    await hydrated(this.page);
  }

  async suspend({ note, reason = '' }) {
    await this.note.fill(note);
    await this.reason.fill(reason);
    await this.suspendButton.click();
  }

  /** Asks to look as this person, and does. */
  async look(reason) {
    await this.lookLink.click();
    await expect(this.page).toHaveURL(/\/impersonate$/);
    await hydrated(this.page);
    await this.reason.fill(reason);
    await this.startButton.click();
    await arrive(this.page, '/dashboard');
  }
}
