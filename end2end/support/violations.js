// Violations of the rules of pages that a test wants: in browsers whose complaints nobody counts.
import { visit } from './arrive.js';

/** Tells the server of a violation, as a browser does. */
export async function tellOfViolation(server, directive, blocked) {
  const report = { 'document-uri': `${server.url}/sign-in`, 'effective-directive': directive, 'blocked-uri': blocked };
  await fetch(`${server.url}/reports/browser`, {
    method: 'POST',
    headers: { 'content-type': 'application/csp-report' },
    body: JSON.stringify({ 'csp-report': report }),
  });
}

/**
 * Opens a page in a browser of its own, in which `attack` may run. Returns the page; its violations are in
 * `window.violations`, and what an attack would do is `window.pwned = 1`. `prepare` is done before it opens.
 */
export async function openToAttack(browser, baseURL, path, prepare = async () => {}) {
  const context = await browser.newContext({ baseURL });
  await context.addInitScript(() => {
    window.violations = [];
    addEventListener('securitypolicyviolation', (event) => {
      window.violations.push({ rule: event.effectiveDirective, blocked: event.blockedURI });
    });
  });
  const page = await context.newPage();
  await prepare(page);
  await visit(page, path);
  return page;
}

/** Changes the answers to what `pattern` names on their way: `change` gets headers and bytes and returns them. */
export async function changeOnTheWay(page, pattern, change) {
  await page.route(pattern, async (route) => {
    const answer = await route.fetch();
    const { 'content-encoding': _encoding, 'content-length': _length, ...headers } = answer.headers();
    await route.fulfill({ status: answer.status(), ...change({ headers, body: await answer.body() }) });
  });
}
