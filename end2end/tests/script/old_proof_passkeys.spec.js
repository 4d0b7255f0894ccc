// Passkeys long after a proof was given: three seconds here.
import { arrive } from '../../support/arrive.js';
import { Authenticator } from '../../support/authenticator.js';
import { ConfirmPage } from '../../support/pages/confirm.js';
import { DataPage } from '../../support/pages/data.js';
import { PasskeysPage } from '../../support/pages/passkeys.js';
import { untilProofIsOld } from '../../support/sessions.js';
import { expect, test } from '../../support/test.js';
import { english } from '../../support/words.js';

test.use({ settings: { KEYWRIGHT_FRESH_PROOF_SECONDS: '3' } });

test('the password is asked for first, and then one more press adds the passkey', async ({ page, bobSignedIn: bob, complaints }) => {
  complaints.expectRefusal(403, '/api/v1/passkeys/options');
  const device = await Authenticator.of(page);
  const [passkeys, confirm] = [new PasskeysPage(page), new ConfirmPage(page)];
  await untilProofIsOld(page);
  await passkeys.open();
  await passkeys.addButton.click();
  await arrive(page, '/account/confirm');
  await expect(confirm.act('Add a passkey')).toBeVisible();
  expect(await device.passkeys()).toEqual([]);

  await confirm.submit(bob);
  await arrive(page, '/account/passkeys');
  await expect(page.getByText('Thank you, that was you.')).toBeVisible();
  await passkeys.addButton.click();
  await arrive(page, '/account/recovery-codes');
  expect(await device.passkeys()).toHaveLength(1);
});

test('a risky act asks for the passkey, and goes on by itself', async ({ page, bobSignedIn: _bob }) => {
  await Authenticator.of(page);
  const [passkeys, data, confirm] = [new PasskeysPage(page), new DataPage(page), new ConfirmPage(page)];
  await passkeys.open();
  await passkeys.addButton.click();
  await arrive(page, '/account/recovery-codes');
  await untilProofIsOld(page);
  await data.open();
  await data.deleteButton.click();
  await arrive(page, '/account/confirm');
  await expect(confirm.act('Delete your account')).toBeVisible();
  await expect(confirm.password).toBeHidden();
  await page.getByRole('button', { name: english.usePasskey, exact: true }).click();
  await arrive(page, '/account/data');
  await expect(data.goingHeading).toBeVisible();
});
