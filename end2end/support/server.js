// One Keywright, started as a newcomer would start it: in an empty folder, with nothing set that
// need not be set. Each has a port of its own, so several may run beside each other.
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const target = process.env.CARGO_TARGET_DIR || resolve(import.meta.dirname, '../../target');
/** The program that is tested. */
export const binary = resolve(process.env.KEYWRIGHT_BINARY || join(target, 'release/keywright'));
const site = resolve(process.env.KEYWRIGHT_SITE || join(target, 'site'));

/** Longer than the program lets running requests finish. */
const patienceToStop = 12_000;
const patienceToStart = 10_000;

export class Server {
  #process;
  #exit;
  #log = '';

  constructor(folder, port, settings, program) {
    Object.assign(this, { folder, port, settings, program });
  }

  /**
   * A new server with an empty database. `settings` are more KEYWRIGHT_ variables; `files` gives the files of its folder,
   * by name, once its address is known; `program` is a copy of the program.
   */
  static async start(settings = {}, files = () => ({}), program = binary) {
    if (!existsSync(program)) throw new Error(`${program} is missing. Build it and test it with: bin/test e2e`);
    const folder = await mkdtemp(join(tmpdir(), 'keywright-end2end-'));
    const server = new Server(folder, await freePort(), settings, program);
    try {
      for (const [name, text] of Object.entries(files(server.url))) await writeFile(join(folder, name), text);
      await server.run();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  /** What the program has logged. */
  get log() {
    return this.#log;
  }

  /** What the program finds in its environment. */
  get #environment() {
    const own = {
      KEYWRIGHT_LISTEN: `127.0.0.1:${this.port}`,
      KEYWRIGHT_PUBLIC_URL: this.url,
      KEYWRIGHT_SITE: site,
      // The cost of a hash is proved elsewhere; here it would only slow the tests down.
      KEYWRIGHT_HASH_MEMORY_KIB: '1024',
      // The tests come from one address and mistype often. Production does not start without limits.
      ...(this.settings.KEYWRIGHT_MODE !== 'production' && { KEYWRIGHT_LIMITS: 'off' }),
      // The log is searched for whole words; the codes of colours stick to them.
      NO_COLOR: '1',
      ...this.settings,
    };
    return { ...withoutKeywright(process.env), ...own };
  }

  /** Runs a command of the program beside the server, such as `user role EMAIL platform_admin`. Returns what it says. */
  async command(...words) {
    const { stdout } = await promisify(execFile)(this.program, words, { cwd: this.folder, env: this.#environment });
    return stdout;
  }

  /** Runs on the same folder and port as before. */
  async run() {
    this.#process = spawn(this.program, [], { cwd: this.folder, env: this.#environment });
    this.#exit = new Promise((done) => this.#process.once('exit', (code, signal) => done(code ?? signal)));
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (this.#log += text));
    }
    await this.#ready();
  }

  async #ready() {
    const end = Date.now() + patienceToStart;
    while (Date.now() < end && this.#process.exitCode === null) {
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      if (answer?.ok) return;
      await pause(20);
    }
    this.#process.kill('SIGKILL');
    throw new Error(`The server did not become ready:\n${this.#log}`);
  }

  /** Asks the program to stop. Returns its exit code, or the signal that ended it. */
  async stop() {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), patienceToStop);
    const code = await this.#exit;
    clearTimeout(timer);
    return code;
  }

  /** Removes the folder with the database. */
  async remove() {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The environment without settings of whoever runs the tests. */
function withoutKeywright(environment) {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^(KEYWRIGHT|LEPTOS)_/.test(name)));
}

export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer().once('error', failed);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
