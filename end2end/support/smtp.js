// A real mail server (nodemailer's smtp-server) that remembers what reached it, and how.
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** What the server demands. The password has what an address must escape. */
export const login = { user: 'keywright', password: 'p@ss/wörd:7?' };

const modes = {
  /** Demands STARTTLS before a login, and a login before a mail. */
  starttls: { scheme: 'smtp', options: {} },
  implicit: { scheme: 'smtps', options: { secure: true } },
  /** No encryption, and glad to take the password: an old server, or somebody in between. */
  clear: { scheme: 'smtp', options: { disabledCommands: ['STARTTLS'], allowInsecureAuth: true } },
};

/** What may happen to a mail: refused for now; the connection breaks in the message, or after it. */
export const trouble = { refusal: 'refusal', broken: 'broken', answerLost: 'answer lost' };

export class Smtp {
  #server;
  #scheme;
  #troubles = new Map();

  /** Every mail received in full, oldest first. */
  mails = [];
  /** The recipient of every mail that was begun, also of those that did not arrive. */
  begun = [];
  /** Every login that was tried. */
  logins = [];
  /** The name of every command, of all connections. */
  commands = [];

  /** `certificate` has `key` and `cert`; `mode` is one of those above. */
  static async start(mode, certificate) {
    const smtp = new Smtp();
    await smtp.#listen(modes[mode], certificate);
    return smtp;
  }

  async #listen({ scheme, options }, certificate) {
    this.#scheme = scheme;
    this.#server = new SMTPServer({
      ...options,
      ...certificate,
      logger: { ...silent, debug: (entry) => entry.tnx === 'command' && this.commands.push(entry.command) },
      disableReverseLookup: true,
      closeTimeout: 1000,
      onAuth: (auth, session, done) => this.#logIn(auth, session, done),
      onSecure: (socket, session, done) => done(void (session.socket = socket)),
      onRcptTo: ({ address }, session, done) => this.#begin(address, session, done),
      onData: (stream, session, done) => void this.#receive(stream, session).then(() => done(), done),
    });
    // A client that leaves is no error of the server; the tests look at what arrived.
    this.#server.on('error', () => {});
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
  }

  /** The address for `smtp_url`. */
  url({ query = '', password = login.password } = {}) {
    const { port } = this.#server.server.address();
    const user = encodeURIComponent(login.user);
    return `${this.#scheme}://${user}:${encodeURIComponent(password)}@localhost:${port}${query}`;
  }

  /** The next deliveries to `email` meet these troubles, one each. */
  prepare(email, ...troubles) {
    this.#troubles.set(email, troubles);
  }

  mailsTo(email, subject = /^/) {
    return this.mails.filter((mail) => mail.envelope.to.includes(email) && subject.test(mail.subject));
  }

  /** The newest mail to `email` with such a subject, as soon as it is there. */
  async mailTo(email, subject, timeout) {
    const arrived = () => this.mailsTo(email, subject).length;
    await expect.poll(arrived, { message: `a mail to ${email}`, timeout }).toBeGreaterThan(0);
    return this.mailsTo(email, subject).at(-1);
  }

  async stop() {
    await new Promise((done) => this.#server.close(done));
  }

  #logIn({ username, password }, session, done) {
    this.logins.push({ user: username, secure: session.secure });
    const known = username === login.user && password === login.password;
    done(null, known ? { user: username } : { message: 'Who are you?' });
  }

  #begin(address, session, done) {
    this.begun.push(address);
    session.trouble = this.#troubles.get(address)?.shift();
    const refusal = Object.assign(new Error('Come back later'), { responseCode: 451 });
    done(session.trouble === trouble.refusal ? refusal : null);
  }

  async #receive(stream, session) {
    if (session.trouble === trouble.broken) {
      await once(stream, 'data');
      return session.socket.destroy();
    }
    const { envelope, secure, user, transmissionType: protocol } = session;
    const mail = {
      envelope: { from: envelope.mailFrom.address, to: envelope.rcptTo.map(({ address }) => address) },
      connection: { secure, user, protocol, tls: session.socket?.getProtocol() },
      raw: await buffer(stream),
    };
    const parsed = await PostalMime.parse(mail.raw);
    const [code] = /\b\d{6}\b/.exec(parsed.text) ?? [];
    const [link] = /https?:\/\/\S+/.exec(parsed.text) ?? [];
    this.mails.push({ ...parsed, ...mail, code, link });
    if (session.trouble === trouble.answerLost) session.socket.destroy();
  }
}

/** The log of the server is not looked at, but for its commands. */
const silent = Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, () => {}]));
