// The looks of another address, of one's data, and of the pages behind the links of notices.
import { hydrated, visit } from './arrive.js';
import { CodesPage } from './pages/codes.js';
import { ConfirmPage } from './pages/confirm.js';
import { DataPage, downloaded } from './pages/data.js';
import { EmailPage } from './pages/email.js';
import { KeepAccountPage } from './pages/keep_account.js';
import { NotMePage } from './pages/not_me.js';
import { SecurityPage } from './pages/security.js';
import { TokensPage } from './pages/tokens.js';
import { UndoEmailChangePage } from './pages/undo_email_change.js';
import { newNumber } from './people.js';
import { signIn, untilProofIsOld } from './sessions.js';
import { expect } from './test.js';

/** As in every_page.js. */
export const ownAccountPages = {
  email: async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await new EmailPage(page, words).open();
  },

  'email-waiting': async (it) => {
    await ownAccountPages.email(it);
    await new EmailPage(it.page, it.words).ask(it.alice.email);
  },

  'email-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account/email');
    await ownAccountPages['email-waiting'](it);
    const email = new EmailPage(it.page, it.words);
    await email.submitCode('12');
    await expect(email.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'email-live-link': async (it) => {
    await ownAccountPages['email-waiting'](it);
    const { link } = await it.inbox.mailTo(it.alice.email, 'confirm_email');
    await visit(it.page, link);
    await expect(new EmailPage(it.page, it.words).useAddress).toBeVisible();
  },

  'email-dead-link': async ({ page, bob, complaints, words }) => {
    complaints.expectRefusal(410, '/account/email');
    await signIn(page, bob, words);
    await visit(page, '/account/email?token=dead');
  },

  'email-changed': async (it) => {
    await ownAccountPages['email-waiting'](it);
    const { code } = await it.inbox.mailTo(it.alice.email, 'confirm_email');
    await new EmailPage(it.page, it.words).typeCode(code, it.alice.email);
  },

  'undo-email-change': async (it) => {
    await ownAccountPages['email-changed'](it);
    const { link } = await it.inbox.mailTo(it.bob.email, 'email_changed');
    await visit(it.page, link);
    await expect(new UndoEmailChangePage(it.page, it.words).heading).toBeVisible();
  },

  'undo-email-change-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/undo-email-change');
    await visit(page, '/undo-email-change?token=dead');
  },

  'email-restored': async (it) => {
    await ownAccountPages['undo-email-change'](it);
    await new UndoEmailChangePage(it.page, it.words).undo();
  },

  codes: async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await new CodesPage(page).open();
  },

  'codes-number-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account/codes');
    await ownAccountPages.codes(it);
    const codes = new CodesPage(it.page);
    await codes.submitNumber('07700 900123');
    await expect(codes.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'codes-number-waiting': async (it) => {
    await ownAccountPages.codes(it);
    await new CodesPage(it.page).askForNumber(newNumber());
  },

  'codes-on': async (it) => {
    await ownAccountPages.codes(it);
    const codes = new CodesPage(it.page);
    const number = newNumber();
    await codes.askForNumber(number);
    await codes.confirm((await it.inbox.mailTo(number, 'sms')).code);
    await codes.open();
    await codes.askByMail();
    await codes.confirm((await it.inbox.mailTo(it.bob.email, 'second_factor_code')).code, '/account/codes');
    await codes.open();
    await codes.phone.locator('summary').click();
  },

  data: async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await new DataPage(page, words).open();
  },

  'data-ready': async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await downloaded(page, () => visit(page, '/account/data?download=html'));
  },

  'data-going': async (it) => {
    await ownAccountPages.data(it);
    await new DataPage(it.page, it.words).delete();
  },

  'keep-account': async (it) => {
    await ownAccountPages['data-going'](it);
    const { link } = await it.inbox.mailTo(it.bob.email, 'deletion_scheduled');
    await visit(it.page, link);
    await expect(new KeepAccountPage(it.page, it.words).heading).toBeVisible();
  },

  'keep-account-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/keep-account');
    await visit(page, '/keep-account?token=dead');
  },

  tokens: async ({ page, bob, words }) => {
    await signIn(page, bob, words);
    await new TokensPage(page, words).open();
  },

  'tokens-made': async (it) => {
    await ownAccountPages.tokens(it);
    const tokens = new TokensPage(it.page, it.words);
    await tokens.make({ name: 'Backup of everything that is mine, every night', scopes: ['profile:read'], end: 'none' });
    const scopes = ['profile:read', 'profile:write', 'sessions:read', 'sessions:write', 'activity:read'];
    await tokens.make({ name: 'Nightly report', scopes });
  },

  'tokens-revoke': async (it) => {
    await ownAccountPages.tokens(it);
    const tokens = new TokensPage(it.page, it.words);
    for (const name of ['One', 'Two']) await tokens.make({ name, scopes: ['activity:read'], end: '7' });
    await tokens.open();
    await tokens.list.first().locator('summary').click();
    await tokens.revokeAll.click();
    await expect(tokens.revokeEveryToken).toBeVisible();
  },

  'tokens-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account/tokens');
    await ownAccountPages.tokens(it);
    const tokens = new TokensPage(it.page, it.words);
    await tokens.submit({ name: '' });
    await expect(tokens.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'not-me': async ({ page, inbox, bob, words }) => {
    await signIn(page, bob, words);
    const security = new SecurityPage(page, words);
    await security.open();
    await security.submit(bob.password, 'another lamp orbit nine');
    await expect(page).toHaveURL(/note=changed/);
    await hydrated(page);
    const { link } = await inbox.mailTo(bob.email, 'password_changed');
    await visit(page, link);
    await expect(new NotMePage(page, words).heading).toBeVisible();
  },

  'not-me-done': async (it) => {
    await ownAccountPages['not-me'](it);
    await new NotMePage(it.page, it.words).secure();
  },

  'not-me-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/not-me');
    await visit(page, '/not-me?token=dead');
  },

  'confirm-nothing-waits': async ({ page, bob, complaints, words }) => {
    complaints.expectRefusal(410, '/account/confirm');
    await signIn(page, bob, words);
    await visit(page, '/account/confirm?act=dead');
  },
};

/** Those that are reached once the password was given too long ago: only on a server where that is soon. */
export const oldProofPages = {
  confirm: async (it) => {
    const { page, bob, alice, words } = it;
    await signIn(page, bob, words);
    await untilProofIsOld(page);
    const email = new EmailPage(page, words);
    await email.open();
    await email.askAndBeAsked(alice.email);
  },

  'confirm-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account/confirm');
    await oldProofPages.confirm(it);
    const confirm = new ConfirmPage(it.page, it.words);
    await confirm.submit({ password: 'not the password' });
    await expect(confirm.refusal).toBeVisible();
    await hydrated(it.page);
  },
};
