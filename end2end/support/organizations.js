// Organizations, who is in them, and what is written there: made over REST, for tests about what comes after.
import { randomBytes } from 'node:crypto';
import { expect } from '@playwright/test';

import { createAccount, newcomer, signInAsProgram } from './people.js';

/** Calls as `person`, with an access token of now: one of before may be over. */
export async function callAs(server, person, method, path, body) {
  const { access_token: token } = await signInAsProgram(server, person);
  return callWith(server, token, method, path, body);
}

async function callWith(server, token, method, path, body) {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300);
  return text ? JSON.parse(text) : undefined;
}

/** An organization that `person` owns: its id and its slug. */
export async function found(server, person, name = 'Acme') {
  const slug = `${name.toLowerCase().replace(/[^a-z]/g, '')}-${randomBytes(4).toString('hex')}`;
  const { id } = await callAs(server, person, 'POST', '/organizations', { name, slug });
  return { id, slug, name };
}

/** Asks somebody new into an organization of `owner`, who accepts. */
export async function joined(server, inbox, owner, organization, name, role, department = '') {
  const person = await createAccount(server, inbox, newcomer(name));
  const invited = { email: person.email, role, department };
  await callAs(server, owner, 'POST', `/organizations/${organization.id}/invitations`, invited);
  await accept(server, inbox, person);
  return person;
}

/** Makes a document of `person`; published by `publisher` when there is one. Returns its path and what it is. */
export async function written(server, person, organization, wanted, publisher) {
  const documents = `/organizations/${organization.id}/documents`;
  const document = await callAs(server, person, 'POST', documents, wanted);
  if (publisher) await callAs(server, publisher, 'PUT', `${documents}/${document.id}/state`, { state: 'published' });
  return { ...document, path: `/orgs/${organization.slug}/documents/${document.id}` };
}

/** Makes an organization that `person` owns: its `id`, `slug` and `name`. */
export async function createOrganization(server, person, name) {
  return callAs(server, person, 'POST', '/organizations', { name });
}

/** `owner` invites `email` into an organization. Returns the mail. */
export async function invite(server, inbox, owner, { id }, email, role) {
  await callAs(server, owner, 'POST', `/organizations/${id}/invitations`, { email, role });
  return inbox.mailTo(email, 'invitation');
}

/** `owner` invites `person` into an organization, and `person` accepts by the mailed link. */
export async function join(server, inbox, owner, organization, person, role) {
  await invite(server, inbox, owner, organization, person.email, role);
  await accept(server, inbox, person);
}

async function accept(server, inbox, person) {
  const { link } = await inbox.mailTo(person.email, 'invitation');
  const token = new URL(link).searchParams.get('token');
  await callAs(server, person, 'POST', '/invitations/accept', { token });
}

/** Makes a role of an organization. */
export async function createRole(server, person, { id }, name, permissions) {
  return callAs(server, person, 'POST', `/organizations/${id}/roles`, { name, permissions });
}
