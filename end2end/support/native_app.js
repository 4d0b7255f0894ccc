// An app of the desktop that signs people in with a provider: it listens on a port of this machine, as RFC 8252 says.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { html } from './provider_pages.js';

export class NativeApp {
  #server;
  #verifier = randomBytes(32).toString('base64url');
  state = randomBytes(16).toString('hex');
  /** The query of each call, in order. */
  calls = [];

  static async start() {
    const app = new NativeApp();
    app.#server = createServer((request, answer) => {
      const { pathname, searchParams } = new URL(request.url, app.address);
      if (pathname === '/callback') app.calls.push(Object.fromEntries(searchParams));
      html(
        answer,
        '<!doctype html><html lang="en"><head><title>App</title><link rel="icon" href="data:,"></head><body><h1>Back in the app</h1></body></html>',
      );
    });
    await once(app.#server.listen(0, '127.0.0.1'), 'listening');
    return app;
  }

  get host() {
    return `127.0.0.1:${this.#server.address().port}`;
  }

  get address() {
    return `http://${this.host}/callback`;
  }

  /** Begins a way; gives the address to open in the browser. */
  async begin(server, { id }) {
    const { status, value } = await post(server, `/api/v1/providers/${id}/start`, {
      redirect_uri: this.address,
      code_challenge: createHash('sha256').update(this.#verifier).digest('base64url'),
      code_challenge_method: 'S256',
      state: this.state,
    });
    if (status !== 200) throw new Error(`the way does not begin: ${status}`);
    return value.authorization_url;
  }

  /** Redeems the code of a call. */
  async redeem(server, { code }) {
    return post(server, '/api/v1/providers/finish', { code, code_verifier: this.#verifier });
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

async function post(server, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, value: await answer.json() };
}
