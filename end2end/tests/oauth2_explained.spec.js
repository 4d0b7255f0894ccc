// docs/oauth2-explained.md shows every message of a sign-in with a provider. They are taken from this run: where the
// document says something else than what happened, but for random values, this fails.
//
//   KEYWRIGHT_UPDATE_DOCS=1 npx playwright test oauth2_explained --project=script
//
// writes them anew.
import { join } from 'node:path';

import { arrive, visit } from '../support/arrive.js';
import {
  ExplainedDocument,
  browserExchange,
  decodedToken,
  discovered,
  programExchange,
  shape,
  withHosts,
} from '../support/explained.js';
import { expect, goTo, test } from '../support/federation.js';

const document = join(import.meta.dirname, '../../docs/oauth2-explained.md');
const carol = { sub: '248289761001', name: 'Carol Petit', email: 'carol@example.com' };

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'one run is enough');

test('the messages in the book are those of a run', async ({ page, server, acme }) => {
  await visit(page, '/sign-in');
  const seen = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) seen.push(request);
  });
  await (await goTo(page, acme)).signIn(carol);
  await arrive(page, '/dashboard');

  const of = (part) => seen.find((request) => new URL(request.url()).pathname === part);
  const hosts = [
    [new URL(server.url).host, 'localhost:3000'],
    [new URL(acme.issuer).host, '127.0.0.1:9000'],
  ];
  const token = acme.messages.last;
  const discovery = await (await fetch(`${acme.issuer}/.well-known/openid-configuration`)).json();
  const messages = {
    discovery: discovered(discovery),
    start: await browserExchange(of('/sign-in/with/acme')),
    authorization: await browserExchange(of('/auth')),
    callback: await browserExchange(of('/sign-in/with/acme/callback')),
    token: programExchange(token),
    id_token: decodedToken(JSON.parse(token.answer.body).id_token),
  };

  const book = await ExplainedDocument.read(document);
  expect(book.names.sort(), 'the messages that the document shows').toEqual(Object.keys(messages).sort());
  for (const [name, message] of Object.entries(messages)) {
    const text = withHosts(message, hosts);
    if (process.env.KEYWRIGHT_UPDATE_DOCS) book.replace(name, text);
    else expect(shape(book.block(name)), `the message ${name}`).toBe(shape(text));
  }
  if (process.env.KEYWRIGHT_UPDATE_DOCS) await book.write();

  await test.step('nothing in it opens anything', async () => {
    for (const secret of [acme.clientSecret, JSON.parse(token.answer.body).access_token]) {
      expect(book.text).not.toContain(secret);
    }
  });
});
