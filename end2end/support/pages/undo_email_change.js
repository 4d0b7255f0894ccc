// The page /undo-email-change, behind the link in the mail to an address that was changed.
import { arrive } from '../arrive.js';
import { english } from '../words.js';

export class UndoEmailChangePage {
  constructor(page, words = english) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: words.takeBackQuestion });
    this.button = page.getByRole('button', { name: words.takeBack, exact: true });
    this.deadHeading = page.getByRole('heading', { level: 1, name: words.deadLink });
  }

  /** Takes the old address back and waits for the sign-in page. */
  async undo() {
    await this.button.click();
    await arrive(this.page, '/sign-in');
  }
}
