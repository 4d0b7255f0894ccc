// The page /token-decoder, which takes a pasted token apart in the browser.
import { visit } from '../arrive.js';
import { english } from '../words.js';

export class TokenDecoderPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.decodeToken, exact: true });
    this.token = page.getByLabel(words.token, { exact: true });
    /** What is wrong or worth knowing, one notice each. */
    this.findings = page.getByRole('status').locator('li');
    this.fine = page.locator('.notice-ok');
    /** Header, payload and signature. */
    this.parts = page.locator('.token-part');
    /** The lists of what the names mean. */
    this.claims = page.locator('.claims');
  }

  async open() {
    await visit(this.page, '/token-decoder');
  }

  async paste(token) {
    await this.token.fill(token);
  }

  /** What is said of a name. */
  claim(name) {
    return this.page.locator('.claims > div').filter({ has: this.page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });
  }
}
