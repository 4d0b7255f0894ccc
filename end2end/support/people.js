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

/** Gives `person` a proved account, over REST: for tests about what comes after. */
export async function createAccount(server, inbox, person) {
  const post = async (path, body) => {
    const answer = await fetch(`${server.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status, `${path}: ${await answer.text()}`).toBeLessThan(300);
  };
  await post('/sign-up', person);
  const { code } = await inbox.mailTo(person.email, 'verify_email');
  await post('/verify-email', { email: person.email, code });
  return person;
}
