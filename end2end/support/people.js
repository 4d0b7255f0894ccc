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

/** A phone number that no other test uses. */
export function newNumber() {
  return `+447${String(randomBytes(6).readUIntBE(0, 6) % 1_000_000_000).padStart(9, '0')}`;
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

/** Makes the account of `person` an administrator's, as an operator does. Before they sign in. */
export async function makeAdministrator(server, { email }) {
  expect(await server.command('user', 'role', email, 'platform_admin')).toContain('has the role platform_admin now');
}

/** Gives the account of `person` an office on the platform: `support`, `auditor` or `platform_admin`. */
export async function makeOfficer(server, { email }, role) {
  expect(await server.command('user', 'role', email, role)).toContain(`has the role ${role} now`);
}

/** Signs `person` in over REST, as a program: one more device in their list. Returns its refresh cookie. */
export async function signInElsewhere(server, { email, password }) {
  return cookieOf(await post(server, '/sign-in', { email, password }));
}

/** Signs `person` in over REST. Returns what the program is told: an access token, or what waits for a second factor. */
export async function signInAsProgram(server, { email, password }) {
  return (await post(server, '/sign-in', { email, password })).json();
}

/** Exchanges a refresh cookie for the next one, `times` times. Returns the newest. */
export async function rotate(server, cookie, times = 1) {
  let newest = cookie;
  for (let done = 0; done < times; done += 1) newest = cookieOf(await postCookie(server, newest));
  return newest;
}

/** Presents a refresh cookie that was exchanged long ago: it is refused, and its session ends. */
export async function presentAgain(server, cookie) {
  const answer = await postCookie(server, cookie);
  expect(answer.status, '/refresh with an old cookie').toBe(401);
}

function postCookie(server, cookie) {
  return fetch(`${server.url}/api/v1/refresh`, { method: 'POST', headers: { cookie, origin: server.url } });
}

function cookieOf(answer) {
  const line = answer.headers.getSetCookie().find((cookie) => cookie.startsWith('__Host-refresh='));
  return line.split(';')[0];
}

async function post(server, path, body, headers) {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  expect(answer.status, `${path}: ${await answer.clone().text()}`).toBeLessThan(300);
  return answer;
}
