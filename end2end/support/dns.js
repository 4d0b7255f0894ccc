// A server of the DNS that knows TXT records alone, and those that a test gave it.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** Where the question of a message ends: the name, then two numbers. */
function endOfQuestion(message) {
  let at = 12;
  while (message[at] !== 0) at += message[at] + 1;
  return at + 5;
}

/** The name that a message asks about. */
function nameOf(message) {
  const labels = [];
  for (let at = 12; message[at] !== 0; at += message[at] + 1) {
    labels.push(message.subarray(at + 1, at + 1 + message[at]).toString('latin1'));
  }
  return labels.join('.').toLowerCase();
}

export class DnsServer {
  #records = new Map();
  #socket = createSocket('udp4');

  /** One that knows nothing yet. */
  static async start() {
    const server = new DnsServer();
    server.#socket.on('message', (message, from) => {
      server.#socket.send(server.#answer(message), from.port, from.address);
    });
    server.#socket.bind(0, '127.0.0.1');
    await once(server.#socket, 'listening');
    return server;
  }

  /** As the settings name it. */
  get address() {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  /** What is said about a name from now on. */
  say(name, text) {
    this.#records.set(name, text);
  }

  #answer(message) {
    const text = this.#records.get(nameOf(message));
    const head = Buffer.from(message.subarray(0, endOfQuestion(message)));
    // An answer, recursion available; no such name where nothing is known. No additional records.
    head.writeUInt16BE(text === undefined ? 0x8183 : 0x8180, 2);
    head.writeUInt16BE(text === undefined ? 0 : 1, 6);
    head.writeUInt32BE(0, 8);
    if (text === undefined) return head;
    const said = Buffer.from(text, 'latin1');
    const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, said.length + 1, said.length]);
    return Buffer.concat([head, record, said]);
  }

  async stop() {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}
