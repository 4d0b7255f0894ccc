// Recovery by mail: the page that starts it, the one behind the link that calls it off, and the notice in every session.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';

function button(page, action) {
  return page.locator(`form[action="${action}"]`).getByRole('button');
}

/** The page /recover-account. */
export class RecoverAccountPage {
  constructor(page) {
    this.page = page;
    this.start = button(page, '/rpc/start_account_recovery');
    this.complete = button(page, '/rpc/complete_account_recovery');
    this.moments = page.getByRole('main').locator('time');
  }

  async open() {
    await visit(this.page, '/recover-account');
  }

  /** Presses the button and waits for the page that says when the link comes. */
  async begin() {
    await this.start.click();
    await expect(this.page).toHaveURL(/note=started/);
    await hydrated(this.page);
  }
}

/** The page /cancel-recovery, behind the link of each mail. */
export class CancelRecoveryPage {
  constructor(page) {
    this.page = page;
    this.button = button(page, '/rpc/cancel_account_recovery_by_link');
  }

  async cancel() {
    await this.button.click();
    await expect(this.page).toHaveURL(/note=cancelled/);
    await hydrated(this.page);
  }
}

/** The notice on every page behind the sign-in. */
export class RecoveryNotice {
  constructor(page) {
    this.page = page;
    this.box = page.locator('.recovery-notice');
    this.button = button(page, '/rpc/cancel_account_recovery');
  }

  async cancel() {
    await this.button.click();
    await arrive(this.page, '/account/security');
  }
}
