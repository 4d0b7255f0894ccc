// A program that listens to webhooks: it remembers what it was told, and answers as the test wants.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export class Receiver {
  #server;

  /** Everything it was told, oldest first: `headers` and `body`. */
  heard = [];
  /** The status of every answer from now on. */
  status = 204;

  static async start() {
    const receiver = new Receiver();
    receiver.#server = createServer((request, response) => void receiver.#hear(request, response));
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}/in`;
  }

  /** What it was told of a kind, such as `user.created`. */
  of(kind) {
    return this.heard.filter(({ body }) => JSON.parse(body).type === kind);
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #hear(request, response) {
    this.heard.push({ headers: request.headers, body: await text(request) });
    response.writeHead(this.status).end();
  }
}

/** Whether a request was signed with `secret`, by the scheme of Standard Webhooks. */
export function isSigned({ headers, body }, secret) {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const own = createHmac('sha256', key).update(signed).digest();
  return headers['webhook-signature'].split(' ').some((signature) => {
    const theirs = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return theirs.length === own.length && timingSafeEqual(theirs, own);
  });
}
