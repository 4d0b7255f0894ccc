// The browser's own question (FedCM), which Chromium answers for the test: an account is chosen, the question is closed,
// nobody is signed in there, and a token that was made for somebody else's question. Firefox and Safari have none: there
// the links do everything.
import { arrive, visit } from '../../support/arrive.js';
import { expect, goTo, linkTo, withFedCm as test } from '../../support/federation.js';
import { ConnectAccountPage } from '../../support/pages/connections.js';
import { DashboardPage } from '../../support/pages/dashboard.js';

/** What Chromium says of a question that ends without an account. */
const quiet = /FedCM|identity provider|Identity|NetworkError|AbortError|accounts|Prompt dismissed/i;

/** Answers the questions of the browser of `page`, and counts them. */
async function answering(page, command, more = {}) {
  const client = await page.context().newCDPSession(page);
  const asked = [];
  await client.send('FedCm.enable', { disableRejectionDelay: true });
  client.on('FedCm.dialogShown', async ({ dialogId, dialogType, accounts }) => {
    asked.push({ dialogType, accounts });
    await client.send(`FedCm.${command}`, { dialogId, ...more });
  });
  return asked;
}

/** `person` is signed in at the provider. */
function signInThere(acme, person) {
  acme.signedIn = { ...person, email_verified: true };
  const { sub, name, email } = person;
  acme.know({ sub, name, email, email_verified: true });
}

test.afterEach(({ acme }) => {
  Object.assign(acme, { signedIn: undefined, otherNonce: undefined });
});

test('the browser asks, and whoever chooses an account is where they wanted to be', async ({ page, acme, carol }) => {
  signInThere(acme, carol);
  const asked = await answering(page, 'selectAccount', { accountIndex: 0 });
  await page.goto('/sign-in?next=/account/sessions');
  await arrive(page, '/account/sessions');
  expect(asked[0].accounts[0]).toMatchObject({ accountId: carol.sub, email: carol.email });
  await visit(page, '/dashboard');
  await expect(new DashboardPage(page).greeting(carol)).toBeVisible();
});

test('a question that is closed leaves the page as it was', async ({ page, acme, carol, complaints }) => {
  complaints.expectWords(quiet);
  signInThere(acme, carol);
  const asked = await answering(page, 'dismissDialog');
  await visit(page, '/sign-in');
  await expect.poll(() => asked.length).toBe(1);
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(linkTo(page, acme)).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in$/);
});

test('whoever is signed in nowhere is not asked, nor whoever just signed out', async ({ page, acme, carol, complaints }) => {
  complaints.expectWords(quiet);
  const asked = await answering(page, 'selectAccount', { accountIndex: 0 });
  signInThere(acme, carol);
  await visit(page, '/sign-in?note=signed_out');
  await expect(linkTo(page, acme)).toBeVisible();
  acme.signedIn = undefined;
  const accounts = page.waitForEvent('console', (message) => quiet.test(message.text()));
  await visit(page, '/sign-in');
  await accounts;
  expect(asked).toEqual([]);
});

test('the address of an account asks for a proof here as well', async ({ page, acme, bobThere }) => {
  signInThere(acme, bobThere);
  await answering(page, 'selectAccount', { accountIndex: 0 });
  await page.goto('/sign-in');
  await arrive(page, '/connect-account');
  await expect(new ConnectAccountPage(page).heading).toBeVisible();
});

test('a token that answers another question lets nobody in', async ({ page, acme, carol, complaints }) => {
  complaints.expectRefusal(502, '/sign-in');
  signInThere(acme, carol);
  acme.otherNonce = 'of-somebody-else';
  await answering(page, 'selectAccount', { accountIndex: 0 });
  await page.goto('/sign-in');
  await expect(page.getByRole('alert')).toContainText('cannot be trusted');
  // The sign-in page would ask the browser again, while the test ends.
  await page.addInitScript(() => delete globalThis.IdentityCredential);
  await page.goto('/dashboard');
  await arrive(page, '/sign-in');
});

test('a browser that cannot ask asks for nothing, and the link signs in', async ({ page, acme, carol }) => {
  signInThere(acme, carol);
  await page.addInitScript(() => delete globalThis.IdentityCredential);
  const begun = [];
  page.on('request', (request) => {
    if (new URL(request.url()).pathname === '/rpc/start_fedcm') begun.push(request);
  });
  await visit(page, '/sign-in?next=/account/sessions');
  expect(await page.evaluate(() => 'IdentityCredential' in globalThis)).toBe(false);
  await (await goTo(page, acme)).signIn(carol);
  await arrive(page, '/account/sessions');
  expect(begun).toEqual([]);
});
