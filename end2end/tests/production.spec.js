// Production as it is run: behind a proxy that ends TLS, with a real mail server. What only development shows is
// not there, and an administrator has a sign-in explained who asked for it. It runs with JavaScript and without.
import { randomBytes } from 'node:crypto';

import { arrive, visit } from '../support/arrive.js';
import { Proxy } from '../support/https.js';
import { WhatJustHappenedPage } from '../support/pages/what_just_happened.js';
import { makeAdministrator, newcomer, signUp, verifyEmail } from '../support/people.js';
import { Server } from '../support/server.js';
import { signIn } from '../support/sessions.js';
import { Smtp } from '../support/smtp.js';
import { expect, sender, test as base } from '../support/smtp_test.js';

const test = base.extend({
  production: async ({ authority, authorityFile }, use) => {
    const [smtp, proxy] = [await Smtp.start('implicit', await authority.issue()), await Proxy.start(await authority.issue())];
    const server = await Server.start({
      KEYWRIGHT_MODE: 'production',
      KEYWRIGHT_PUBLIC_URL: proxy.url,
      KEYWRIGHT_MASTER_KEY: randomBytes(32).toString('base64url'),
      KEYWRIGHT_SMTP_URL: smtp.url(),
      KEYWRIGHT_SMTP_CA: authorityFile,
      KEYWRIGHT_MAIL_FROM: `${sender.name} <${sender.address}>`,
      // Production refuses cheaper hashes.
      KEYWRIGHT_HASH_MEMORY_KIB: '19456',
    });
    proxy.leadTo(server.port);
    await use({ smtp, proxy, server });
    await proxy.stop();
    expect(await server.stop(), server.log).toBe(0);
    await smtp.stop();
    await server.remove();
  },
});

test('an administrator who asks for it has the next sign-in explained, and nobody else has', async ({ production, anotherBrowser }) => {
  const { smtp, proxy, server } = production;
  const ada = newcomer('Ada King');
  await signUp(server, ada);
  const { code } = await smtp.mailTo(ada.email, /is your Keywright code$/);
  await verifyEmail(server, ada, code);
  const page = await anotherBrowser({ baseURL: proxy.url, ignoreHTTPSErrors: true });
  const explained = new WhatJustHappenedPage(page);

  await test.step('what development shows is not there', async () => {
    await signIn(page, ada);
    const answer = await page.request.get('/dev/inbox', { headers: { accept: 'text/html' } });
    expect(answer.status()).toBe(404);
    expect((await page.request.get('/sign-in')).headers()['strict-transport-security']).toMatch(/^max-age=\d{8,}/);
    await expect(explained.link).toHaveCount(0);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await arrive(page, '/sign-in');
  });

  await makeAdministrator(server, ada);
  await test.step('switched on, it explains the sign-in after', async () => {
    await signIn(page, ada);
    await explained.open();
    await expect(explained.steps).toHaveCount(0);
    await page.getByRole('button', { name: 'Switch on', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Switch off', exact: true })).toBeVisible();
    await visit(page, '/dashboard');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await arrive(page, '/sign-in');
    await signIn(page, ada);
    await explained.link.click();
    await arrive(page, '/what-just-happened');
    await expect(explained.messages.first()).toContainText('POST /rpc/sign_in HTTP/1.1');
    await expect(explained.steps.nth(4)).toContainText('Argon2id m=19456');
    await expect(explained.claim('Secure')).toContainText('Stops:');
    expect(await page.content()).not.toContain(ada.password);
  });

  await test.step('switched off, what was remembered is forgotten', async () => {
    await page.getByRole('button', { name: 'Switch off', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Switch on', exact: true })).toBeVisible();
    await expect(explained.steps).toHaveCount(0);
  });
});

test('the release cannot be told to do without a defence', async () => {
  await expect(Server.start({ KEYWRIGHT_WEAKEN: 'origin' })).rejects.toThrow(/there is no setting weaken/);
});
