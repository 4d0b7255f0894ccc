// Being on a page means more with JavaScript than without: the page listens, too.
import { expect } from '@playwright/test';

const withoutScript = new WeakSet();

/** Remembers that the pages of `context` run no script. */
export function noteWithoutScript(context) {
  withoutScript.add(context);
}

export function runsScript(page) {
  return !withoutScript.has(page.context());
}

/** Waits until the page listens: what is clicked before goes another way, that of forms. */
export async function hydrated(page) {
  if (runsScript(page)) await expect(page.locator('html')).toHaveAttribute('data-hydrated', 'true');
}

/** Opens `path` and waits until the page listens. Returns the answer. */
export async function visit(page, path) {
  const answer = await page.goto(path);
  await hydrated(page);
  return answer;
}

/** Waits until the page is at `path` (its query does not count) and listens. */
export async function arrive(page, path) {
  await expect(page).toHaveURL((url) => url.pathname === path);
  await hydrated(page);
}

/** A value of the query of the page's address. */
export function query(page, name) {
  return new URL(page.url()).searchParams.get(name);
}

/** Sends a form by `act` and returns the status of the page that is shown then. */
export async function statusAfter(page, act) {
  const shown = page.waitForResponse((answer) => answer.request().isNavigationRequest() && answer.status() !== 303);
  await act();
  const status = (await shown).status();
  await hydrated(page);
  return status;
}

/** The page was out of sight and comes back into view. */
export async function comeBack(page) {
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}
