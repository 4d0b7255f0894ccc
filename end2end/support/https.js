// A reverse proxy that ends TLS, as one stands before Keywright in production.
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';

export class Proxy {
  #server;
  #port;

  /** `certificate` has `key` and `cert`. Say where Keywright listens with `leadTo`. */
  static async start(certificate) {
    const proxy = new Proxy();
    proxy.#server = createServer(certificate, (incoming, answer) => proxy.#pass(incoming, answer));
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get url() {
    return `https://localhost:${this.#server.address().port}`;
  }

  leadTo(port) {
    this.#port = port;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((done) => this.#server.close(done));
  }

  #pass(incoming, answer) {
    const { method, url, headers } = incoming;
    const passed = request({ host: '127.0.0.1', port: this.#port, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode, got.rawHeaders);
      got.pipe(answer);
    });
    // Keywright is not there, or went away: so does the browser's connection.
    passed.on('error', () => incoming.destroy());
    incoming.pipe(passed);
  }
}
