// Invitations: from the form to the membership, in another browser and with a new account; refused to everybody else;
// taken back, declined, and accepted by the typed code. It runs with JavaScript and without.
import { arrive, hydrated, statusAfter, visit } from '../support/arrive.js';
import { createOrganization, createRole, invite, join } from '../support/organizations.js';
import { InvitationPage, InvitationsPage, OrganizationSecurityPage } from '../support/pages/invitations.js';
import { OrganizationPage } from '../support/pages/organizations.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { SignUpPage } from '../support/pages/sign_up.js';
import { VerifyEmailPage } from '../support/pages/verify_email.js';
import { createAccount, newcomer } from '../support/people.js';
import { firefox, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';

/** A name that no other test uses: its slug is free. */
const fresh = (name) => `${name} ${Math.random().toString(36).slice(2, 8)}x`;
const wrongFor = (code) => (code === '123456' ? '654321' : '123456');

test('somebody without an account is invited, signs up in another browser and is a member', async ({ page, server, inbox, anotherBrowser, alice, bob, complaints }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await signIn(page, bob);
  const one = new OrganizationPage(page, organization);
  const invitations = new InvitationsPage(page, organization);
  await one.open();
  await one.places.getByRole('link', { name: 'Invitations', exact: true }).click();
  await arrive(page, invitations.path);
  await expect(page.getByText('Nobody is invited at the moment.')).toBeVisible();

  await test.step('what is wrong is said beside its field, and what was typed stays', async () => {
    complaints.expectRefusal(422, invitations.path);
    const mistyped = { email: 'alice@example', role: 'viewer', department: 'Sales' };
    expect(await statusAfter(page, () => invitations.submit(mistyped))).toBe(422);
    await expect(invitations.email).toHaveAccessibleDescription(/address/);
    await expect(invitations.email).toHaveValue(mistyped.email);
    await expect(invitations.role).toHaveValue(mistyped.role);
    await expect(invitations.department).toHaveValue(mistyped.department);
  });

  await invitations.invite({ email: alice.email, role: 'member', department: 'Sales' });
  await expect(invitations.invitation(alice)).toContainText('Waiting');
  const { link, subject, text } = await inbox.mailTo(alice.email, 'invitation');
  expect(subject).toContain(organization.name);
  expect(text).toContain(bob.name);

  const theirs = await anotherBrowser(firefox);
  const invitation = new InvitationPage(theirs);
  await test.step('the link says who invites to what, and leads to a new account', async () => {
    await visit(theirs, link);
    await expect(invitation.heading).toBeVisible();
    await expect(theirs.getByText(`${bob.name} invites you to join ${organization.name}.`)).toBeVisible();
    await expect(theirs.getByText(alice.email)).toBeVisible();
    await expect(invitation.accept).toHaveCount(0);
    await invitation.signUp.click();
    await arrive(theirs, '/sign-up');
    const signUp = new SignUpPage(theirs);
    await expect(signUp.email).toHaveValue(alice.email);
    await signUp.signUp(alice);
    const { code } = await inbox.mailTo(alice.email, 'verify_email');
    await new VerifyEmailPage(theirs).typeCode(code);
  });

  await test.step('signed in, they are back, and join', async () => {
    await new SignInPage(theirs).signIn(alice, '/invitation');
    await invitation.join(organization);
    await expect(theirs.getByRole('heading', { level: 1, name: organization.name, exact: true })).toBeVisible();
    await visit(theirs, '/dashboard');
    await expect(theirs.getByText('waits for your answer')).toHaveCount(0);
  });

  await test.step('whoever invited sees it', async () => {
    const mail = await inbox.mailTo(bob.email, 'invitation_accepted');
    await visit(page, new URL(mail.link).pathname);
    await expect(one.member(alice)).toContainText('Member');
    await expect(one.member(alice)).toContainText('Sales');
    await invitations.open();
    await expect(invitations.rows).toHaveCount(0);
  });

  await test.step('the link is used up', async () => {
    complaints.expectRefusal(410, '/invitation');
    expect((await visit(theirs, link)).status()).toBe(410);
    await expect(invitation.refusal).toContainText('already answered');
  });
});

test('a forwarded link is refused, and the right account is one sign-out away', async ({ page, server, inbox, bob }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const dan = await createAccount(server, inbox, newcomer('Dan Roux'));
  const { link } = await invite(server, inbox, bob, organization, carol.email, 'viewer');
  const invitation = new InvitationPage(page);
  await signIn(page, dan);
  await visit(page, link);
  await expect(page.getByText('This invitation is for another address.')).toContainText(dan.email);
  await expect(invitation.accept).toHaveCount(0);
  await expect(invitation.decline).toHaveCount(0);

  await invitation.signOut.click();
  await arrive(page, '/invitation');
  await invitation.signIn.click();
  await arrive(page, '/sign-in');
  const form = new SignInPage(page);
  await expect(form.email).toHaveValue(carol.email);
  await form.signIn(carol, '/invitation');
  await invitation.join(organization);
});

test('a revoked link is dead; sent again or anew too soon is refused', async ({ page, server, inbox, anotherBrowser, alice, bob, complaints }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  const { link } = await invite(server, inbox, bob, organization, alice.email, 'member');
  await signIn(page, bob);
  const invitations = new InvitationsPage(page, organization);
  await invitations.open();
  complaints.expectRefusal(429, invitations.path);
  expect(await statusAfter(page, () => invitations.resend(alice).click())).toBe(429);
  await expect(invitations.refusal).toContainText(/in \d+ s/);

  await invitations.revoke(alice).click();
  await expect(page.getByText('The invitation was taken back')).toBeVisible();
  await hydrated(page);
  const theirs = await anotherBrowser(firefox);
  complaints.expectRefusal(410, '/invitation');
  expect((await visit(theirs, link)).status()).toBe(410);
  await expect(theirs.getByText(organization.name)).toHaveCount(0);

  await test.step('inviting the address anew is no way around the wait', async () => {
    expect(await statusAfter(page, () => invitations.submit({ email: alice.email, role: 'viewer' }))).toBe(429);
    await expect(invitations.refusal).toContainText(/in \d+ s/);
    await expect(invitations.rows).toHaveCount(0);
  });
});

test('an invitation is declined without an account, and the organization sees it', async ({ page, server, inbox, anotherBrowser, alice, bob, complaints }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  const { link } = await invite(server, inbox, bob, organization, alice.email, 'member');
  const theirs = await anotherBrowser(firefox);
  const invitation = new InvitationPage(theirs);
  await visit(theirs, link);
  await invitation.decline.click();
  await invitation.declineAction.click();
  await expect(invitation.declined).toBeVisible();
  await hydrated(theirs);
  complaints.expectRefusal(410, '/invitation');
  expect((await visit(theirs, link)).status()).toBe(410);

  await signIn(page, bob);
  const invitations = new InvitationsPage(page, organization);
  await invitations.open();
  await expect(invitations.invitation(alice)).toContainText('Declined');
  await expect(invitations.revoke(alice)).toHaveCount(0);
});

test('the code of the mail is typed instead of the link', async ({ page, server, inbox, bob, complaints }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const { code } = await invite(server, inbox, bob, organization, carol.email, 'viewer');
  await signIn(page, carol);
  await visit(page, '/invitation');
  const invitation = new InvitationPage(page);
  await expect(page.getByText(carol.email)).toBeVisible();
  complaints.expectRefusal(422, '/invitation');
  await invitation.code.fill(wrongFor(code));
  expect(await statusAfter(page, () => invitation.accept.click())).toBe(422);
  await expect(invitation.refusal).toContainText('That code is not right.');
  await invitation.code.fill(code);
  await invitation.join(organization);
});

test('who is in it already cannot be invited, and nobody gives more than they have', async ({ page, server, inbox, anotherBrowser, bob, complaints }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  const permissions = ['members:read', 'documents:read', 'invitations:read', 'invitations:manage'];
  await createRole(server, bob, organization, 'Door', permissions);
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  await join(server, inbox, bob, organization, carol, 'viewer');
  await signIn(page, bob);
  const own = new OrganizationPage(page, organization);
  await own.open('/members');
  await own.give(carol, 'Door');
  const invitations = new InvitationsPage(page, organization);
  await invitations.open();
  complaints.expectRefusal(422, invitations.path);
  expect(await statusAfter(page, () => invitations.submit({ email: carol.email }))).toBe(422);
  await expect(invitations.email).toHaveAccessibleDescription(/already/);

  const hers = await anotherBrowser(firefox);
  await signIn(hers, carol);
  const seen = new InvitationsPage(hers, organization);
  await seen.open();
  await expect(seen.role.getByRole('option')).toHaveText(['Viewer']);
});

test('an organization demands a second factor of its members, and no longer', async ({ page, server, bob }) => {
  const organization = await createOrganization(server, bob, fresh('Acme'));
  await signIn(page, bob);
  const security = new OrganizationSecurityPage(page, organization);
  await security.open();
  await security.require.click();
  await expect(page.getByText('Members must have a second factor from now on.')).toBeVisible();
  await hydrated(page);
  await expect(page.getByText('1 of 1')).toBeVisible();
  await visit(page, '/dashboard');
  await expect(page.locator('a[href="/account/second-factor-required"]')).toBeVisible();
  await security.open();
  await security.release.click();
  await expect(page.getByText('Members need no second factor any more')).toBeVisible();
});
