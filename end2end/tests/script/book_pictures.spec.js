// The pictures of the README. They are written on request only, so that an ordinary run changes no file
// of the project:
//
//   KEYWRIGHT_WRITE_PICTURES=1 npx playwright test book_pictures --project=script
import { join } from 'node:path';

import { everyPage, look } from '../../support/every_page.js';
import { test } from '../../support/test.js';

const book = join(import.meta.dirname, '../../../docs/pictures');

if (process.env.KEYWRIGHT_WRITE_PICTURES) {
  for (const name of ['front', 'sign-up']) {
    test(`the picture of ${name} for the README`, async ({ page, server, alice, bob, inbox, complaints }) => {
      await everyPage[name]({ page, server, alice, bob, inbox, complaints });
      await look(page, { width: 1280, height: 800, theme: 'light' });
      await page.screenshot({ path: join(book, `${name}.png`) });
    });
  }
}
