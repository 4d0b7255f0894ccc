// The page /account/passkeys: they are added, named and removed.
import { arrive, hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class PasskeysPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.passkeys });
    this.addButton = page.getByRole('button', { name: words.addPasskey, exact: true });
    this.list = page.locator('main ul.devices').locator(':scope > li');
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account/passkeys');
  }

  /** The card of a passkey. */
  passkey(name) {
    return this.list.filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  }

  /** Adds the first one of an account: the recovery codes that come with it are shown next. */
  async addFirst() {
    await this.addButton.click();
    await arrive(this.page, '/account/recovery-codes');
    await this.open();
  }

  async rename(passkey, name) {
    await passkey.getByText(this.words.rename, { exact: true }).click();
    await passkey.getByLabel(this.words.name, { exact: true }).fill(name);
    await passkey.getByRole('button', { name: this.words.saveName, exact: true }).click();
    await this.page.waitForURL(/note=renamed/);
    await hydrated(this.page);
  }

  /** Presses the button that removes a passkey; the caller knows what comes next. */
  async remove(passkey) {
    await passkey.getByText(this.words.remove, { exact: true }).click();
    await passkey.getByRole('button', { name: this.words.removePasskey, exact: true }).click();
  }
}
