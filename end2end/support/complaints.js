// Whatever a browser complains about fails the test: errors in the console, exceptions, violations of the
// Content-Security-Policy, Trusted Types among them, and what it reports of them to the server.

/** The browser's own line about an answer with such a status, or about no answer at all. */
const ownLine = /^Failed to load resource: (?:the server responded with a status of (\d+)|net::ERR_FAILED)/;
const lost = 'lost';

export class Complaints {
  #found = [];
  #expected = [];
  #words = [];

  /** Listens to every page of a context. Call it before the first page opens. */
  async watch(context) {
    context.on('console', (message) => {
      if (message.type() === 'error') this.#hear(message.text(), message.location().url);
    });
    context.on('request', (request) => {
      if (new URL(request.url()).pathname === '/reports/browser') this.#found.push(`report: ${request.postData()}`);
    });
    context.on('weberror', (error) => this.#found.push(`exception: ${error.error().stack ?? error.error()}`));
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP violation: ${event.violatedDirective} blocked ${event.blockedURI} (${event.sample})`);
      });
    });
  }

  /** The test wants the server to refuse: the browser may mention it. */
  expectRefusal(status, path) {
    this.#expected.push({ status, path });
  }

  /** The test loses the answer on its way. */
  expectLostAnswer(path) {
    this.#expected.push({ status: lost, path });
  }

  /** The browser may say so: it tells in the console of questions of its own that somebody closed. */
  expectWords(pattern) {
    this.#words.push(pattern);
  }

  #hear(text, url) {
    if (this.#words.some((words) => words.test(text))) return;
    const own = ownLine.exec(text);
    const status = own && (own[1] ? Number(own[1]) : lost);
    const path = URL.canParse(url) ? new URL(url).pathname : '';
    if (!this.#expected.some((one) => one.status === status && one.path === path)) {
      this.#found.push(`console: ${text} (${url})`);
    }
  }

  get all() {
    return [...this.#found];
  }
}
