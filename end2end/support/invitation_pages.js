// The looks of invitations and of what organizations demand.
import { arrive, hydrated, visit } from './arrive.js';
import { createOrganization, invite } from './organizations.js';
import { InvitationPage, InvitationsPage, OrganizationSecurityPage } from './pages/invitations.js';
import { SignInPage } from './pages/sign_in.js';
import { createAccount, newcomer } from './people.js';
import { enter } from './sessions.js';
import { expect } from './test.js';

/** bob owns an organization. */
async function ofBob({ server, bob }) {
  return createOrganization(server, bob, 'Atelier Durand & Sons');
}

/** bob invites this address. Returns the link. */
async function linkFor(it, email) {
  const { server, inbox, bob } = it;
  const { link } = await invite(server, inbox, bob, await ofBob(it), email, 'member');
  return link;
}

/** carol, who has an account, is invited and signed in. Returns the link. */
async function asCarol(it) {
  const { page, server, inbox, words } = it;
  const carol = await createAccount(server, inbox, newcomer('Carol Petit'));
  const link = await linkFor(it, carol.email);
  await enter(page, carol, words);
  return link;
}

/** bob, signed in, at the invitations of his organization. */
async function atInvitations(it) {
  const organization = await ofBob(it);
  await enter(it.page, it.bob, it.words);
  const invitations = new InvitationsPage(it.page, organization, it.words);
  await invitations.open();
  return invitations;
}

/** As in every_page.js. */
export const invitationPages = {
  invitation: async (it) => {
    await visit(it.page, await linkFor(it, it.alice.email));
    await expect(new InvitationPage(it.page, it.words).signUp).toBeVisible();
  },

  'invitation-decline': async (it) => {
    await invitationPages.invitation(it);
    await new InvitationPage(it.page, it.words).decline.click();
  },

  'invitation-declined': async ({ page }) => visit(page, '/invitation?note=declined'),

  'invitation-to-accept': async (it) => {
    await visit(it.page, await asCarol(it));
    await expect(new InvitationPage(it.page, it.words).accept).toBeVisible();
  },

  'invitation-of-another-address': async (it) => {
    const link = await linkFor(it, it.alice.email);
    await enter(it.page, it.bob, it.words);
    await visit(it.page, link);
    await expect(new InvitationPage(it.page, it.words).signOut).toBeVisible();
  },

  'invitation-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/invitation');
    await visit(page, '/invitation?token=dead');
  },

  'invitation-without-link': async ({ page }) => visit(page, '/invitation'),

  'invitation-by-code-refused': async (it) => {
    it.complaints.expectRefusal(422, '/invitation');
    await enter(it.page, it.bob, it.words);
    await visit(it.page, '/invitation');
    const { code, accept, refusal } = new InvitationPage(it.page, it.words);
    await code.fill('123456');
    await accept.click();
    await expect(refusal).toBeVisible();
    await hydrated(it.page);
  },

  'dashboard-invited': async (it) => {
    const { page, bob, words } = it;
    await visit(page, await linkFor(it, it.alice.email));
    await new InvitationPage(page, words).signIn.click();
    await arrive(page, '/sign-in');
    await new SignInPage(page, words).signIn(bob, '/invitation');
    await visit(page, '/dashboard');
  },

  'organization-invitations-empty': async (it) => {
    await atInvitations(it);
  },

  'organization-invitations': async (it) => {
    const invitations = await atInvitations(it);
    await invitations.invite({ email: it.alice.email, role: 'admin', department: 'Sales' });
    await invitations.invite({ email: newcomer('Dan').email, role: 'viewer' });
  },

  'organization-invitations-refused': async (it) => {
    const invitations = await atInvitations(it);
    it.complaints.expectRefusal(422, invitations.path);
    await invitations.submit({ email: 'alice@example', department: 'Sales' });
    await expect(invitations.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'organization-security': async (it) => {
    const organization = await ofBob(it);
    await enter(it.page, it.bob, it.words);
    await new OrganizationSecurityPage(it.page, organization, it.words).open();
  },

  'organization-security-required': async (it) => {
    await invitationPages['organization-security'](it);
    await new OrganizationSecurityPage(it.page, {}, it.words).require.click();
    await expect(it.page).toHaveURL(/note=required/);
    await hydrated(it.page);
  },
};
