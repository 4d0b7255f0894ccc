// An authenticator app (RFC 6238 and RFC 4226: SHA-1, 6 digits, 30 s), computed here and from nothing of ours.
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { expect } from '@playwright/test';

import { signInAsProgram } from './people.js';

const STEP = 30_000;

/** The bytes of a key in base32 (RFC 4648, 6), as a page shows it: in groups, in either case. */
export function bytesOf(key) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bytes = [];
  let [bits, count] = [0, 0];
  for (const letter of key.replace(/[\s-]/g, '').toUpperCase()) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw new Error(`${letter} is no base32`);
    bits = (bits << 5) | value;
    count += 5;
    if (count >= 8) {
      count -= 8;
      bytes.push((bits >> count) & 0xff);
      bits &= (1 << count) - 1;
    }
  }
  return Buffer.from(bytes);
}

/** The code of a key for a step of time. */
export function codeOf(key, step) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', bytesOf(key)).update(counter).digest();
  const offset = digest[digest.length - 1] & 0xf;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Holds the key of one account. */
export class AuthenticatorApp {
  constructor(key) {
    this.key = key;
    this.last = 0;
  }

  /**
   * A code that was not given out before. Each step is accepted once, and those beside the present one are as well: so two
   * in a row need no waiting, and a third waits for the clock.
   */
  async code() {
    const step = Math.max(Math.floor(Date.now() / STEP), this.last + 1);
    const early = (step - 1) * STEP - Date.now();
    if (early > 0) await sleep(early);
    this.last = step;
    return codeOf(this.key, step);
  }

  /** The code that was given out last, once more. */
  usedCode() {
    return codeOf(this.key, this.last);
  }

  /** Six digits that are the code of no step around now. */
  wrongCode() {
    const now = Math.floor(Date.now() / STEP);
    const near = [-2, -1, 0, 1, 2, 3].map((steps) => codeOf(this.key, now + steps));
    return ['000000', '111111', '222222', '333333', '444444', '555555', '666666'].find((code) => !near.includes(code));
  }
}

/**
 * Gives `person` an authenticator app, over REST: for tests about what comes after. Returns the app and the recovery
 * codes.
 */
export async function addApp(server, person) {
  const { access_token: token } = await signInAsProgram(server, person);
  const post = async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/api/v1/factors/totp${path}`, { method: 'POST', headers, body });
    const text = await answer.text();
    expect(answer.status, `${path}: ${text}`).toBeLessThan(300);
    return text;
  };
  const [, key] = /secret=([A-Z2-7]+)/.exec(await post(''));
  const app = new AuthenticatorApp(key);
  const { recovery_codes: codes } = JSON.parse(await post('/confirm', JSON.stringify({ code: await app.code() })));
  return { app, codes };
}
