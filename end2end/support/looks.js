// What is asked of every look of every page: that anybody can use it, and that it fits.
import AxeBuilder from '@axe-core/playwright';
import { expect } from '@playwright/test';

import { look } from './every_page.js';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** From a small phone to a wide screen. */
export const widths = [320, 360, 768, 1280];

/** axe finds nothing to object to, in any of `looks`. */
export async function expectNoViolation(page, looks) {
  for (const one of looks) {
    await look(page, one);
    const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
    const found = violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
    expect.soft(found, one.name).toEqual([]);
  }
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
export async function expectToFit(page) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(overflow, `pixels to scroll sideways at ${width} px`).toBe(0);
    expect.soft(await beyondTheEdge(page), `beyond the edge at ${width} px`).toEqual([]);
  }
}
