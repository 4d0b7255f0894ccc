// The development inbox, as the person reads it who owns the address.
import { expect } from '@playwright/test';

export class Inbox {
  constructor(url) {
    this.address = `${url}/dev/inbox.json`;
  }

  /** Every mail to `email`, newest first; those of one kind when `kind` is given. */
  async mailsTo(email, kind) {
    // Not those of every test before: there are hundreds.
    const mails = await (await fetch(`${this.address}?to=${encodeURIComponent(email)}`)).json();
    return mails.filter((mail) => mail.to === email && (!kind || mail.kind === kind));
  }

  /** The newest mail of `kind` to `email`, as soon as it is there. Mails leave a moment later. */
  async mailTo(email, kind) {
    let mails = [];
    const arrived = async () => (mails = await this.mailsTo(email, kind)).length;
    await expect.poll(arrived, { message: `a mail ${kind} to ${email}`, intervals: [50] }).toBeGreaterThan(0);
    return mails[0];
  }
}
