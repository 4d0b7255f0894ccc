// The pictures of what each role sees first, for the page of the book about documents. They are written on request only, so
// that an ordinary run changes no file of the project:
//
//   KEYWRIGHT_WRITE_PICTURES=1 npx playwright test dashboard_pictures --project=script
import { join } from 'node:path';

import { look } from '../../support/every_page.js';
import { rolePages } from '../../support/role_pages.js';
import { test } from '../../support/test.js';

const book = join(import.meta.dirname, '../../../docs/pictures');

if (process.env.KEYWRIGHT_WRITE_PICTURES) {
  for (const [name, open] of Object.entries(rolePages)) {
    test(`the picture of ${name} for the book`, async ({ page, server, alice, bob, inbox, complaints }) => {
      await open({ page, server, alice, bob, inbox, complaints });
      await look(page, { width: 1280, height: 800, theme: 'light' });
      await page.screenshot({ path: join(book, `${name}.png`), fullPage: true });
    });
  }
}
