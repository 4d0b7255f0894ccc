// Changes of the signing keys ask for the password once more when it was given a while ago. A while is
// three seconds here. It runs with JavaScript and without.
import { arrive, hydrated } from '../support/arrive.js';
import { AdminKeysPage } from '../support/pages/admin_keys.js';
import { ConfirmPage } from '../support/pages/confirm.js';
import { makeAdministrator } from '../support/people.js';
import { signIn, untilProofIsOld } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '3' } });

test('a rotation and a revocation wait for the password and go on by themselves', async ({ page, server, bob }) => {
  await makeAdministrator(server, bob);
  await signIn(page, bob);
  await untilProofIsOld(page);
  const [keys, confirm] = [new AdminKeysPage(page), new ConfirmPage(page)];
  await keys.open();
  await keys.rotateButton.click();
  await arrive(page, '/account/confirm');
  await expect(confirm.act('Publish the next signing key')).toBeVisible();
  await confirm.submit(bob);
  await arrive(page, '/admin/keys');
  await keys.says('The next key is published. It takes over by itself.');

  await untilProofIsOld(page);
  await keys.ask(keys.inState('Next'));
  await keys.revokeButton.click();
  await arrive(page, '/account/confirm');
  await expect(confirm.act('Revoke a signing key')).toBeVisible();
  await confirm.cancel.click();
  await arrive(page, '/admin/keys');
  await expect(keys.inState('Revoked')).toHaveCount(0);
  await keys.ask(keys.inState('Next'));
  await keys.revokeButton.click();
  await arrive(page, '/account/confirm');
  await confirm.submit(bob);
  await arrive(page, '/admin/keys');
  await hydrated(page);
  await expect(keys.inState('Revoked')).toHaveCount(1);
});
