// The page /account/sessions: where one is signed in.
import { visit } from '../arrive.js';
import { english } from '../words.js';

export class DevicesPage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.devices });
    this.list = page.getByRole('main').getByRole('listitem');
    this.endOthers = page.getByRole('button', { name: words.endOthers, exact: true });
  }

  async open() {
    await visit(this.page, '/account/sessions');
  }

  /** The card of a device, such as `Firefox on Linux`. */
  device(name) {
    return this.list.filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  }

  /** The card of the device at hand. */
  get thisDevice() {
    return this.list.filter({ has: this.page.getByText(this.words.thisDevice, { exact: true }) });
  }

  endButton(name) {
    return this.device(name).getByRole('button', { name: this.words.endDevice, exact: true });
  }
}
