// What judges every look finds what is planted: in the light whatever is wrong, in the dark its colours.
import { visit } from '../../support/arrive.js';
import { objectionsTo } from '../../support/looks.js';
import { expect, test } from '../../support/test.js';

const light = { width: 360, height: 740, theme: 'light' };
const dark = { ...light, theme: 'dark' };

const dot = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==';

/** A picture without words, and words that nobody can read in the dark. */
const planted = `<!doctype html><html lang="en"><head><title>Planted</title><style>
  img { width: 40px; height: 40px }
  @media (prefers-color-scheme: dark) { body { background: #222222; color: #333333 } }
</style></head><body><main><h1>Planted</h1><p>Read me.</p><img src="${dot}"></main></body></html>`;

/** The rules that are broken, each once. */
const broken = async (page, look) => [...new Set((await objectionsTo(page, look)).map((text) => text.split(':')[0]))];

test('a picture without words is found in the light, and poor contrast in the dark', async ({ page }) => {
  await page.setContent(planted);
  expect(await broken(page, light)).toContain('image-alt');
  expect(await broken(page, light), 'the same document, once more').toContain('image-alt');
  expect(await broken(page, light), 'black on white').not.toContain('color-contrast');
  expect(await broken(page, dark)).toEqual(['color-contrast']);
});

test('what is planted after another page was judged is found as well', async ({ page }) => {
  await visit(page, '/sign-in');
  expect(await broken(page, light)).toEqual([]);
  await page.goto('about:blank');
  await page.setContent(planted);
  expect(await broken(page, light)).toContain('image-alt');
});
