// Mail servers that are not the right one, or not safe: they get neither the password nor a mail.
import { Authority } from '../../support/authority.js';
import { signUp } from '../../support/people.js';
import { Server } from '../../support/server.js';
import { login, Smtp } from '../../support/smtp.js';
import { expect, test } from '../../support/smtp_test.js';

const impostors = [
  {
    name: 'of an authority nobody trusts',
    certificate: async () => (await Authority.found('A stranger')).issue(),
    reason: 'UnknownIssuer',
  },
  {
    name: 'of an authority that took the name of the trusted one',
    certificate: async ({ name }) => (await Authority.found(name)).issue(),
    reason: 'BadSignature',
  },
  {
    name: 'for another host',
    certificate: (authority) => authority.issue({ host: 'mail.example.com' }),
    reason: 'certificate not valid for name',
  },
  {
    name: 'that ended yesterday',
    certificate: (authority) => authority.issue({ daysLeft: -1 }),
    reason: 'certificate expired',
  },
];

for (const [mode, spoken] of [
  ['starttls', ['EHLO', 'STARTTLS']],
  ['implicit', []],
]) {
  for (const { name, certificate, reason } of impostors) {
    test(`${mode}: a server with a certificate ${name} gets neither password nor mail`, async ({ mailing, authority, alice }) => {
      const { smtp, server } = await mailing(mode, { certificate: await certificate(authority) });
      await signUp(server, alice);
      expect(await undelivered(server)).toContain(reason);
      expectNothing(smtp, spoken);
    });
  }

  test(`${mode}: a private authority is trusted only when it is named`, async ({ mailing, alice }) => {
    const { smtp, server } = await mailing(mode, { trusting: false });
    await signUp(server, alice);
    expect(await undelivered(server)).toContain('UnknownIssuer');
    expectNothing(smtp, spoken);
  });
}

for (const [name, how] of [
  ['the address demands TLS', { query: '?tls=required', trusting: false }],
  ['an authority is named', { query: '', trusting: true }],
  ['both is so', { query: '?tls=required', trusting: true }],
]) {
  test(`when STARTTLS was taken out of the conversation, nothing is said in the clear: ${name}`, async ({ mailing, alice }) => {
    const { smtp, server } = await mailing('clear', how);
    await signUp(server, alice);
    expect(await undelivered(server)).toContain('STARTTLS is not supported');
    expectNothing(smtp, ['EHLO']);
  });
}

test('without either, development tells the same server everything', async ({ mailing, alice }) => {
  const { smtp, server } = await mailing('clear', { query: '', trusting: false });
  await signUp(server, alice);
  const { connection } = await smtp.mailTo(alice.email);
  expect(connection).toMatchObject({ secure: false, protocol: 'ESMTPA' });
  expect(smtp.logins).toEqual([{ user: login.user, secure: false }]);
});

test('production does not start with such an address', async ({ authority }) => {
  const smtp = await Smtp.start('clear', await authority.issue());
  const started = Server.start({ KEYWRIGHT_MODE: 'production', KEYWRIGHT_SMTP_URL: smtp.url() });
  await expect(started).rejects.toThrow('smtp_url must be smtps://… or end in ?tls=required');
  await smtp.stop();
});

test('a server that does not take the password gets no mail', async ({ mailing, alice }) => {
  const { smtp, server } = await mailing('starttls', { password: 'the password of last year' });
  await signUp(server, alice);
  expect(await undelivered(server)).toContain('Who are you?');
  expect(server.log).not.toContain('last year');
  expect(smtp.begun).toEqual([]);
  expect(smtp.mails).toEqual([]);
});

/** The line in which the worker says that it will try again. */
async function undelivered(server) {
  const line = () => server.log.split('\n').find((one) => one.includes('a mail was not delivered'));
  await expect.poll(line).toContain('dead=false');
  return line();
}

/** The server has heard these commands, and nothing else. */
function expectNothing(smtp, spoken) {
  expect([...new Set(smtp.commands)], 'commands').toEqual(spoken);
  expect(smtp.logins, 'logins').toEqual([]);
  expect(smtp.mails, 'mails').toEqual([]);
}
