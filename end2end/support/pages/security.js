// The page /account/security, and the change of a password there.
import { visit } from '../arrive.js';
import { english } from '../words.js';

export class SecurityPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.security });
    this.current = page.getByLabel(words.currentPassword, { exact: true });
    this.new = page.getByLabel(words.newPassword, { exact: true });
    this.endOthers = page.getByLabel(words.endOthers, { exact: true });
    this.button = page.getByRole('button', { name: words.changePassword, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account/security');
  }

  async submit(current, next) {
    await this.current.fill(current);
    await this.new.fill(next);
    await this.button.click();
  }
}
