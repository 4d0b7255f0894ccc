// The people of the tests. Each test has its own, so none depends on another.
import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';

/** Somebody nobody knows yet. */
export function newcomer(name = 'Alice Martin') {
  const handle = name.split(' ')[0].toLowerCase().replace(/[^a-z]/g, '') || 'somebody';
  return {
    name,
    email: `${handle}-${randomBytes(4).toString('hex')}@example.com`,
    password: 'trombone lamp orbit seven',
  };
}

/** Signs `person` up over REST, in the language of `headers`. */
export async function signUp(server, person, headers) {
  await post(server, '/sign-up', person, headers);
}

/** Proves the address of `person` with the mailed code. */
export async function verifyEmail(server, { email }, code, headers) {
  await post(server, '/verify-email', { email, code }, headers);
}

/** Gives `person` a proved account, over REST: for tests about what comes after. */
export async function createAccount(server, inbox, person) {
  await signUp(server, person);
  const { code } = await inbox.mailTo(person.email, 'verify_email');
  await verifyEmail(server, person, code);
  return person;
}

/** Signs `person` in over REST, as a program: one more device in their list. */
export async function signInElsewhere(server, { email, password }) {
  await post(server, '/sign-in', { email, password });
}

async function post(server, path, body, headers) {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.status, `${path}: ${await answer.text()}`).toBeLessThan(300);
}
