// Connecting and disconnecting are risky acts: they ask for a fresh proof. A while is three seconds here. It runs with
// JavaScript and without.
import { arrive } from '../support/arrive.js';
import { expect, goTo, signInWith, test } from '../support/federation.js';
import { ConfirmPage } from '../support/pages/confirm.js';
import { ConnectionsPage } from '../support/pages/connections.js';
import { signIn, untilProofIsOld } from '../support/sessions.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '3' } });

test('an old proof is asked for again, before connecting and before disconnecting', async ({ page, acme, bob, carol }) => {
  const [connections, confirm] = [new ConnectionsPage(page), new ConfirmPage(page)];
  await signIn(page, bob);
  await untilProofIsOld(page);
  await connections.open();
  await connections.connectLink(acme).click();
  await arrive(page, '/account/confirm');
  await confirm.submit(bob);
  await arrive(page, '/account/connections');
  await (await connections.connect(acme)).signIn(carol);
  await arrive(page, '/account/connections');
  await expect(connections.list).toHaveCount(1);

  await untilProofIsOld(page);
  await connections.open();
  await connections.disconnect(carol);
  await arrive(page, '/account/confirm');
  await confirm.submit(bob);
  await arrive(page, '/account/connections');
  await expect(connections.list).toHaveCount(0);
});

test('whoever has nothing but a provider proves it is them there', async ({ page, acme, vault, carol }) => {
  const connections = new ConnectionsPage(page);
  await signInWith(page, acme, carol);
  await untilProofIsOld(page);
  await connections.open();
  await connections.connectLink(vault).click();
  await arrive(page, '/account/confirm');
  const there = await goTo(page, acme);
  await there.signIn(carol);
  await arrive(page, '/account/connections');
  await (await connections.connect(vault)).signIn(carol);
  await arrive(page, '/account/connections');
  await expect(connections.list).toHaveCount(2);
});
