// Pictures of every page, to be looked at. The two of the README are written on request only, so
// that an ordinary run changes no file of the project:
//
//   KEYWRIGHT_WRITE_PICTURES=1 npx playwright test screenshots --project=script
import { join } from 'node:path';

import { everyPage, look, looks } from '../../support/every_page.js';
import { test } from '../../support/test.js';

const folder = join(import.meta.dirname, '../../pictures');
const book = join(import.meta.dirname, '../../../docs/pictures');

for (const [name, open] of Object.entries(everyPage)) {
  test(`pictures of ${name}`, async ({ page, server, alice, bob, inbox, complaints }) => {
    await open({ page, server, alice, bob, inbox, complaints });
    for (const one of looks) {
      await look(page, one);
      // The inbox has the mails of all tests before: its head is enough.
      await page.screenshot({ path: join(folder, `${name}-${one.name}.png`), fullPage: name !== 'inbox' });
    }
  });
}

if (process.env.KEYWRIGHT_WRITE_PICTURES) {
  for (const name of ['front', 'sign-up']) {
    test(`the picture of ${name} for the README`, async ({ page, server, alice, bob, inbox, complaints }) => {
      await everyPage[name]({ page, server, alice, bob, inbox, complaints });
      await look(page, { width: 1280, height: 800, theme: 'light' });
      await page.screenshot({ path: join(book, `${name}.png`) });
    });
  }
}
