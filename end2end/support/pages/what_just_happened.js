// The page /what-just-happened, which explains the sign-in of the session at hand.
import { visit } from '../arrive.js';
import { english } from '../words.js';

export class WhatJustHappenedPage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.whatJustHappened, exact: true });
    /** The way here from the dashboard. */
    this.link = page.getByRole('link', { name: words.whatJustHappened, exact: true });
    this.decoderLink = page.getByRole('link', { name: 'Decode another token', exact: true });
    this.drawing = page.locator('svg.sequence');
    this.steps = page.locator('.exchange-steps > li');
    /** Request, answer, and the line that set the cookie. */
    this.messages = page.locator('.message');
    this.claims = page.locator('.claims > div');
  }

  async open() {
    await visit(this.page, '/what-just-happened');
  }

  /** What is said of a name, or of an attribute of the cookie. */
  claim(name) {
    return this.claims.filter({ has: this.page.locator('dt', { hasText: new RegExp(`^${name}$`) }) });
  }
}
