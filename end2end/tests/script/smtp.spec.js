// Mails over a real mail server: how they travel, what they carry, and that they come in the end.
// Nothing here depends on scripts in pages, so it runs in one of the two projects.
import { arrive, visit } from '../../support/arrive.js';
import { VerifyEmailPage } from '../../support/pages/verify_email.js';
import { newcomer, signUp, verifyEmail } from '../../support/people.js';
import { login, trouble } from '../../support/smtp.js';
import { expect, sender, test } from '../../support/smtp_test.js';

const code = /is your Keywright code$/;
const welcome = /^Welcome to Keywright$/;
/** The first of the worker's delays is 5 seconds. */
const secondTry = 12_000;

for (const [mode, name] of [
  ['starttls', 'STARTTLS'],
  ['implicit', 'implicit TLS'],
]) {
  test(`over ${name} the code arrives, proves the address and is followed by one welcome`, async ({ mailing, alice }) => {
    const { smtp, server } = await mailing(mode);
    await signUp(server, alice);
    const mail = await smtp.mailTo(alice.email, code);

    expect(mail.connection).toEqual({ secure: true, user: login.user, protocol: 'ESMTPSA', tls: 'TLSv1.3' });
    expect(mail.envelope).toEqual({ from: sender.address, to: [alice.email] });
    expect(mail.from).toEqual(sender);
    expect(mail.to).toEqual([{ name: '', address: alice.email }]);
    expect(mail.subject).toBe(`${mail.code} is your Keywright code`);
    expect(mail.messageId).toMatch(/^<[\w-]+@example\.com>$/);
    expect(Math.abs(Date.now() - Date.parse(mail.date)), 'the age of its date').toBeLessThan(60_000);
    expect(header(mail, 'Content-Type')).toContain('multipart/alternative');
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain(mail.code);
      expect(part).toContain(mail.link);
    }

    await verifyEmail(server, alice, mail.code);
    await smtp.mailTo(alice.email, welcome);
    expect(smtp.mailsTo(alice.email), 'all mails').toHaveLength(2);
    expect(smtp.logins).toEqual(Array(2).fill({ user: login.user, secure: true }));
  });
}

test('the link of a mail proves the address on another device', async ({ mailing, page, alice }) => {
  const { smtp, server } = await mailing('starttls');
  await signUp(server, alice);
  const { link } = await smtp.mailTo(alice.email, code);
  expect(link.startsWith(`${server.url}/verify-email?token=`), link).toBe(true);

  await visit(page, link);
  const behindLink = new VerifyEmailPage(page);
  await behindLink.password.fill(alice.password);
  await behindLink.confirmAddress.click();
  await arrive(page, '/sign-in');
  await smtp.mailTo(alice.email, welcome);
  expect(smtp.mailsTo(alice.email), 'all mails').toHaveLength(2);
});

test('letters beyond ASCII arrive as they were written, and travel encoded', async ({ mailing }) => {
  const { smtp, server } = await mailing('starttls');
  const zoe = newcomer('Zoë Müller');
  const inFrench = { 'accept-language': 'fr' };
  await signUp(server, zoe, inFrench);
  const mail = await smtp.mailTo(zoe.email, /^\d{6} est votre code Keywright$/);
  await verifyEmail(server, zoe, mail.code, inFrench);
  const greeting = await smtp.mailTo(zoe.email, /^Bienvenue sur Keywright$/);
  for (const part of [greeting.text, greeting.html]) expect(part).toContain('Bonjour Zoë Müller,');

  await signUp(server, zoe, inFrench);
  const known = await smtp.mailTo(zoe.email, /^Vous avez déjà un compte Keywright$/);
  expect(known.text).toContain('Quelqu’un, sans doute vous,');
  // RFC 2047 in the header, RFC 2045 in the body: no server needs 8BITMIME or SMTPUTF8.
  expect(header(known, 'Subject')).toMatch(/=\?utf-8\?b\?[\w+/=]+\?=/i);
  expect(header(known, 'From')).toMatch(/^=\?utf-8\?b\?[\w+/=]+\?= <no-reply@example\.com>$/i);
  for (const { raw } of smtp.mails) expect(raw.every((byte) => byte < 128), 'only ASCII travels').toBe(true);
});

test('what did not get through comes again after five seconds, and what did does not', async ({ mailing }) => {
  const { smtp, server } = await mailing('starttls');
  const [alice, bob, carol, dora] = ['Alice', 'Bob', 'Carol', 'Dora'].map(newcomer);
  smtp.prepare(alice.email, trouble.refusal);
  smtp.prepare(bob.email, trouble.broken);
  smtp.prepare(dora.email, trouble.answerLost);
  const everybody = [alice, bob, carol, dora];
  for (const person of everybody) await signUp(server, person);

  const tries = (person) => smtp.begun.filter((email) => email === person.email).length;
  const mails = (person) => smtp.mailsTo(person.email, code);
  for (const person of [alice, bob, carol]) await smtp.mailTo(person.email, code, secondTry);
  await expect.poll(() => mails(dora).length, { timeout: secondTry }).toBe(2);

  for (const person of everybody) {
    await verifyEmail(server, person, mails(person)[0].code);
    await smtp.mailTo(person.email, welcome);
    expect(smtp.mailsTo(person.email, welcome), `welcomes to ${person.name}`).toHaveLength(1);
  }
  expect([alice, bob, carol].map((person) => mails(person).length), 'mails with the code').toEqual([1, 1, 1]);
  expect(everybody.map(tries), 'tries, the welcome included').toEqual([3, 3, 2, 3]);
  // Nobody can know that an answer was lost. The same Message-ID tells the mailbox.
  const [first, again] = mails(dora);
  expect([again.messageId, again.code]).toEqual([first.messageId, first.code]);
  expect(new Set(smtp.mails.map((mail) => mail.messageId)).size, 'different mails').toBe(8);
});

/** A header as it travelled, its lines joined. */
function header({ raw }, name) {
  const head = raw.toString('latin1').split('\r\n\r\n')[0].replace(/\r\n[ \t]+/g, ' ');
  return head.split('\r\n').find((line) => line.startsWith(`${name}: `)).slice(name.length + 2);
}
