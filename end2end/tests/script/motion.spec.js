// Nothing moves for who does not want it, and nothing moves for long for anybody.
import { visit } from '../../support/arrive.js';
import { expect, test } from '../../support/test.js';

/** The longest transition or animation of any element and its drawn parts, in milliseconds. */
const longestMotion = (page) =>
  page.evaluate(() => {
    const milliseconds = (list) =>
      list.split(',').map((time) => parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000));
    const of = (element) =>
      [null, '::before', '::after'].flatMap((part) => {
        const style = getComputedStyle(element, part);
        const animated = style.animationName === 'none' ? [] : milliseconds(style.animationDuration);
        return [...animated, ...milliseconds(style.transitionDuration)];
      });
    return Math.max(...[...document.querySelectorAll('*')].flatMap(of));
  });

for (const path of ['/', '/sign-up', '/dashboard']) {
  test(`${path} keeps still for who wants it still`, async ({ page, bobSignedIn: _bob }) => {
    await visit(page, path);
    expect(await longestMotion(page), 'longest motion, usually').toBeLessThanOrEqual(150);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // What is left is too short to be seen; some styles need one that ends.
    expect(await longestMotion(page), 'longest motion, reduced').toBeLessThanOrEqual(1);
  });
}
