// The looks of another address, of one's data, and of the pages behind the links of notices.
import { hydrated, visit } from './arrive.js';
import { CodesPage } from './pages/codes.js';
import { ConfirmPage } from './pages/confirm.js';
import { DataPage, downloaded } from './pages/data.js';
import { EmailPage } from './pages/email.js';
import { KeepAccountPage } from './pages/keep_account.js';
import { NotMePage } from './pages/not_me.js';
import { CancelRecoveryPage, RecoverAccountPage } from './pages/recovery.js';
import { SecurityPage } from './pages/security.js';
import { SignInPage } from './pages/sign_in.js';
import { TokensPage } from './pages/tokens.js';
import { UndoEmailChangePage } from './pages/undo_email_change.js';
import { newNumber } from './people.js';
import { enter, signIn, untilProofIsOld } from './sessions.js';
import { expect } from './test.js';
import { AuthenticatorApp } from './totp.js';
import { addApp } from './totp.js';

/** As in every_page.js. */
export const ownAccountPages = {
  email: async ({ page, bob, words }) => {
    await enter(page, bob, words);
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
    await enter(page, bob, words);
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
    await enter(page, bob, words);
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
    await enter(page, bob, words);
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

  'trusted-devices': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/trusted-devices');
  },

  'recover-account': async ({ page }) => new RecoverAccountPage(page).open(),

  'recover-account-start': async ({ page, server, bob, words }) => {
    await addApp(server, bob);
    const signIn = new SignInPage(page, words);
    await signIn.open();
    await signIn.signIn(bob, '/two-step');
    await new RecoverAccountPage(page).open();
  },

  'recover-account-running': async (it) => {
    await ownAccountPages['recover-account-start'](it);
    await new RecoverAccountPage(it.page).begin();
  },

  'recover-account-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/recover-account');
    await visit(page, '/recover-account?token=dead');
  },

  'cancel-recovery': async (it) => {
    await ownAccountPages['recover-account-running'](it);
    const { link } = await it.inbox.mailTo(it.bob.email, 'recovery_requested');
    await visit(it.page, link);
    await expect(new CancelRecoveryPage(it.page).button).toBeVisible();
  },

  'cancel-recovery-done': async (it) => {
    await ownAccountPages['cancel-recovery'](it);
    await new CancelRecoveryPage(it.page).cancel();
  },

  'cancel-recovery-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/cancel-recovery');
    await visit(page, '/cancel-recovery?token=dead');
  },

  'security-with-factors': async (it) => {
    await enter(it.page, it.bob, it.words);
    await addApp(it.server, it.bob);
    await new SecurityPage(it.page, it.words).open();
    await expect(it.page.locator('.ladder-cross')).toHaveCount(1);
  },

  'recovery-notice': async (it) => {
    await ownAccountPages['security-with-factors'](it);
    const post = async (path, body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${it.server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return answer.json();
    };
    const { second_factor: pending } = await post('/sign-in', { email: it.bob.email, password: it.bob.password });
    await post('/account-recovery', { ticket: pending.ticket });
    await visit(it.page, '/dashboard');
    await expect(it.page.locator('.recovery-notice')).toBeVisible();
  },

  connections: async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/connections');
  },

  'connections-refused': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/connections?refused=connection_taken');
  },

  'confirm-connect': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/confirm?next=/account/connections');
  },

  tokens: async ({ page, bob, words }) => {
    await enter(page, bob, words);
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

  authenticator: async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/authenticator');
  },

  'authenticator-steps': async (it) => {
    await ownAccountPages.authenticator(it);
    await it.page.locator('form[action="/rpc/start_totp"]').getByRole('button').click();
    await expect(it.page.locator('#totp-key')).toBeVisible();
    await hydrated(it.page);
  },

  'authenticator-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account/authenticator');
    await ownAccountPages['authenticator-steps'](it);
    await it.page.locator('#code').fill('12');
    await it.page.locator('form[action="/rpc/confirm_totp"]').getByRole('button').click();
    await expect(it.page.getByRole('alert')).toBeVisible();
    await hydrated(it.page);
  },

  'recovery-codes-made': async (it) => {
    await ownAccountPages['authenticator-steps'](it);
    const app = new AuthenticatorApp(await it.page.locator('#totp-key').textContent());
    await it.page.locator('#code').fill(await app.code());
    await it.page.locator('form[action="/rpc/confirm_totp"]').getByRole('button').click();
    await expect(it.page.locator('#made-codes')).toBeVisible();
    await hydrated(it.page);
  },

  'recovery-codes': async (it) => {
    await ownAccountPages['recovery-codes-made'](it);
    await visit(it.page, '/account/recovery-codes');
    await it.page.locator('main summary').click();
  },

  'recovery-codes-none': async ({ page, bob, words }) => {
    await enter(page, bob, words);
    await visit(page, '/account/recovery-codes');
  },

  'authenticator-active': async (it) => {
    await ownAccountPages['recovery-codes-made'](it);
    await visit(it.page, '/account/authenticator');
    await it.page.locator('main summary').click();
  },

  'not-me': async ({ page, inbox, bob, words }) => {
    await enter(page, bob, words);
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
    await enter(page, bob, words);
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
