// What is asked of every look of every page: that anybody can use it, and that it fits.
import { join } from 'node:path';

import { expect } from '@playwright/test';
import axe from 'axe-core/axe.min.js';

import { look, looks } from './every_page.js';

/** In the dark only the colours are others: the rest was judged in the light. */
const judged = {
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  dark: { type: 'rule', values: ['color-contrast'] },
};

/** From a small phone to a wide screen. */
export const widths = [320, 360, 768, 1280];

/** What axe objects to in a look of the page: the rule, the element and what is wrong with it. */
export async function objectionsTo(page, one) {
  await look(page, one);
  // Half a megabyte of script, once for each document. No page holds another one in a frame.
  const isThere = await page.evaluate(() => typeof window.axe?.run === 'function');
  if (!isThere) await page.evaluate(axe.source);
  return page.evaluate(async (runOnly) => {
    // What is right is not told: it would be megabytes of it.
    const { violations } = await window.axe.run(document, { runOnly, resultTypes: ['violations'] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
  }, judged[one.theme]);
}

/** axe finds nothing to object to, in any of `looks`. */
async function expectNoViolation(page, looks) {
  for (const one of looks) expect.soft(await objectionsTo(page, one), one.name).toEqual([]);
}

/** What reaches beyond the window, by its words; what scrolls by itself or is hidden from sight may. */
export const beyondTheEdge = (page) =>
  page.evaluate(() => {
    const shown = (element) => {
      for (let up = element; up && up !== document.body; up = up.parentElement) {
        const { overflowX, clipPath } = getComputedStyle(up);
        if (clipPath !== 'none' || (up !== element && ['auto', 'scroll', 'hidden'].includes(overflowX))) return false;
      }
      return element.checkVisibility();
    };
    const edge = document.documentElement.clientWidth;
    const found = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (right > edge + 0.5 || left < -0.5) && shown(element);
    });
    return found.map((element) => element.outerHTML.slice(0, 120));
  });

/** Nothing has to be scrolled sideways, and nothing is cut off, at any width. */
async function expectToFit(page) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(overflow, `pixels to scroll sideways at ${width} px`).toBe(0);
    expect.soft(await beyondTheEdge(page), `beyond the edge at ${width} px`).toEqual([]);
  }
}

/** Everything that is asked of a page, and its pictures in English where somebody wants to look at them. */
export async function expectGoodLooks(page, name, words) {
  // The colours are the same in French; the words are longer, and tighter on a phone.
  const some = words.tag === 'en' ? looks : looks.filter(({ width, theme }) => width < 400 && theme === 'light');
  await expectNoViolation(page, some);
  await expectToFit(page);
  if (words.tag === 'en' && process.env.KEYWRIGHT_PICTURES) await takePictures(page, name);
}

const folder = join(import.meta.dirname, '../pictures');

/** Pictures of every look, to be looked at. */
async function takePictures(page, name) {
  for (const one of looks) {
    await look(page, one);
    await page.screenshot({ path: join(folder, `${name}-${one.name}.png`), fullPage: true });
  }
}
