// Every page in every state that looks different: for the tests about the look.
import { adminPages } from './admin_pages.js';
import { hydrated, statusAfter, visit } from './arrive.js';
import { documentPages } from './document_pages.js';
import { auditPages } from './audit_pages.js';
import { factorPolicyPages } from './factor_policy_pages.js';
import { invitationPages } from './invitation_pages.js';
import { jwt } from './jwt.js';
import { organizationPages } from './organization_pages.js';
import { ownAccountPages } from './own_account_pages.js';
import { passkeyPages } from './passkey_pages.js';
import { signInElsewhere } from './people.js';
import { picture, tooLarge } from './pictures.js';
import { rolePages } from './role_pages.js';
import { policyPages } from './policy_pages.js';
import { enter } from './sessions.js';
import { ActivityPage } from './pages/activity.js';
import { DashboardPage } from './pages/dashboard.js';
import { ForgotPasswordPage } from './pages/forgot_password.js';
import { ProfilePage } from './pages/profile.js';
import { ResetPasswordPage } from './pages/reset_password.js';
import { SecurityPage } from './pages/security.js';
import { SignInPage } from './pages/sign_in.js';
import { SignUpPage } from './pages/sign_up.js';
import { TokenDecoderPage } from './pages/token_decoder.js';
import { VerifyEmailPage } from './pages/verify_email.js';
import { WhatJustHappenedPage } from './pages/what_just_happened.js';
import { expect } from './test.js';
import { webhookPages } from './webhook_pages.js';
import { english } from './words.js';

/** Each `open` takes the fixtures of a test, and `words`, and ends when the page can be looked at. */
export const entryPages = {
  front: async ({ page }) => visit(page, '/'),

  'sign-up': async ({ page }) => visit(page, '/sign-up'),

  'sign-up-refused': async ({ page, words = english }) => {
    const signUp = new SignUpPage(page, words);
    await signUp.open();
    await signUp.submit({ name: '', email: 'alice@example', password: 'too short' });
    await expect(signUp.refusal).toBeVisible();
  },

  'sign-in': async ({ page }) => visit(page, '/sign-in'),

  'sign-in-refused': async ({ page, alice, complaints, words = english }) => {
    complaints.expectRefusal(401, '/sign-in');
    const signIn = new SignInPage(page, words);
    await signIn.open();
    await signIn.submit(alice);
    await expect(signIn.refusal).toBeVisible();
    await hydrated(page);
  },

  'verify-email': async ({ page, alice, words = english }) => {
    const signUp = new SignUpPage(page, words);
    await signUp.open();
    await signUp.signUp(alice);
    await expect(new VerifyEmailPage(page, words).code).toBeVisible();
  },

  'verify-email-live-link': async (it) => {
    const { page, inbox, alice, words = english } = it;
    await entryPages['verify-email'](it);
    const { link } = await inbox.mailTo(alice.email, 'verify_email');
    await visit(page, link);
    await expect(new VerifyEmailPage(page, words).confirmAddress).toBeVisible();
  },

  'verify-email-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/verify-email');
    await visit(page, '/verify-email?token=dead');
  },

  'verify-email-nothing-waits': async ({ page }) => visit(page, '/verify-email'),

  'address-confirmed': async (it) => {
    const { page, inbox, alice, words = english } = it;
    await entryPages['verify-email'](it);
    const { code } = await inbox.mailTo(alice.email, 'verify_email');
    await new VerifyEmailPage(page, words).typeCode(code);
  },

  'forgot-password': async ({ page }) => visit(page, '/forgot-password'),

  'forgot-password-refused': async ({ page, complaints, words = english }) => {
    complaints.expectRefusal(422, '/forgot-password');
    const forgot = new ForgotPasswordPage(page, words);
    await forgot.open();
    await forgot.submit({ email: 'alice@example' });
    await expect(forgot.refusal).toBeVisible();
    await hydrated(page);
  },

  'reset-password': async ({ page, bob, words = english }) => {
    const forgot = new ForgotPasswordPage(page, words);
    await forgot.open();
    await forgot.ask(bob);
    await expect(new ResetPasswordPage(page, words).code).toBeVisible();
  },

  'reset-password-refused': async (it) => {
    const { page, words = english } = it;
    await entryPages['reset-password'](it);
    const reset = new ResetPasswordPage(page, words);
    await reset.submit({ code: '12', password: 'too short' });
    await expect(reset.refusal).toBeVisible();
  },

  'reset-password-exhausted': async (it) => {
    const { page, inbox, bob, complaints, words = english } = it;
    complaints.expectRefusal(422, '/reset-password');
    complaints.expectRefusal(429, '/reset-password');
    await entryPages['reset-password'](it);
    const { code } = await inbox.mailTo(bob.email, 'password_reset');
    const reset = new ResetPasswordPage(page, words);
    const wrong = { code: code === '123456' ? '654321' : '123456', password: 'seven violet umbrellas' };
    for (let tries = 0; tries < 5; tries += 1) await statusAfter(page, () => reset.submit(wrong));
    await expect(reset.code).toBeHidden();
  },

  'reset-password-live-link': async (it) => {
    const { page, inbox, bob, words = english } = it;
    await entryPages['reset-password'](it);
    const { link } = await inbox.mailTo(bob.email, 'password_reset');
    await visit(page, link);
    await expect(new ResetPasswordPage(page, words).linkHeading).toBeVisible();
  },

  'reset-password-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/reset-password');
    await visit(page, '/reset-password?token=dead');
  },

  'reset-password-nothing-waits': async ({ page }) => visit(page, '/reset-password'),

  'password-reset': async (it) => {
    const { page, words = english } = it;
    await entryPages['reset-password-live-link'](it);
    await new ResetPasswordPage(page, words).change({ password: 'seven violet umbrellas' });
  },

  'signed-out': async (it) => {
    const { page, words = english } = it;
    await accountPages.dashboard(it);
    await new DashboardPage(page, words).signOut();
  },

  'sign-in-marked': async (it) => {
    await entryPages['signed-out'](it);
    await expect(it.page.locator('.last-used')).toBeVisible();
  },

  'provider-refused': async ({ page }) => visit(page, '/sign-in/with/google/refused?code=provider_refused'),

  'native-app-nothing-waits': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/sign-in/with/google/app');
    await visit(page, '/sign-in/with/google/app');
  },

  'connect-account-nothing-waits': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/connect-account');
    await visit(page, '/connect-account');
  },

  'finish-sign-up-nothing-waits': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/finish-sign-up');
    await visit(page, '/finish-sign-up');
  },

  'setup-dead-link': async ({ page, complaints }) => {
    complaints.expectRefusal(410, '/setup');
    await visit(page, '/setup');
  },

  'not-found': async ({ page, complaints }) => {
    complaints.expectRefusal(404, '/nowhere');
    await visit(page, '/nowhere');
  },

  'token-decoder': async ({ page, words = english }) => new TokenDecoderPage(page, words).open(),

  'token-decoder-decoded': async ({ page, words = english }) => {
    const decoder = new TokenDecoderPage(page, words);
    await decoder.open();
    await decoder.paste(jwt({ alg: 'none', typ: 'JWT', kid: 'key 1' }, { sub: 'a'.repeat(80), exp: 1, house: ['ours'] }));
    await expect(decoder.claims).toHaveCount(2);
  },

  'token-decoder-refused': async ({ page, words = english }) => {
    const decoder = new TokenDecoderPage(page, words);
    await decoder.open();
    await decoder.paste('eyJhbGciOiJFZERTQSJ9.e.x!');
    await expect(decoder.findings).toHaveCount(3);
  },
};

/** Pages behind the sign-in. */
export const accountPages = {
  dashboard: async ({ page, bob, words = english }) => {
    const signIn = new SignInPage(page, words);
    await signIn.open();
    await signIn.signIn(bob);
  },

  'provider-refused-signed-in': async (it) => {
    await enter(it.page, it.bob, it.words);
    await visit(it.page, '/sign-in/with/google/refused?code=federation_expired');
  },

  'what-just-happened': async (it) => {
    await accountPages.dashboard(it);
    const explained = new WhatJustHappenedPage(it.page, it.words);
    await explained.open();
    await expect(explained.drawing).toBeVisible();
  },

  profile: async (it) => {
    await enter(it.page, it.bob, it.words);
    const profile = new ProfilePage(it.page, it.words);
    await profile.open();
    await profile.changeName(it.bob.name);
  },

  'profile-with-picture': async (it) => {
    await enter(it.page, it.bob, it.words);
    const profile = new ProfilePage(it.page, it.words);
    await profile.open();
    await profile.changeTimeZone('America/Argentina/Buenos_Aires');
    await profile.changePicture(picture());
  },

  'profile-picture-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account');
    await enter(it.page, it.bob, it.words);
    const profile = new ProfilePage(it.page, it.words);
    await profile.open();
    await profile.sendPicture(tooLarge());
    await expect(profile.refusal).toBeVisible();
    await hydrated(it.page);
  },

  'profile-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account');
    await enter(it.page, it.bob, it.words);
    const profile = new ProfilePage(it.page, it.words);
    await profile.open();
    await profile.submit('');
    await expect(profile.refusal).toBeVisible();
    await hydrated(it.page);
  },

  security: async (it) => {
    await enter(it.page, it.bob, it.words);
    await visit(it.page, '/account/security?note=changed_everywhere');
  },

  'security-refused': async (it) => {
    it.complaints.expectRefusal(422, '/account/security');
    await enter(it.page, it.bob, it.words);
    const security = new SecurityPage(it.page, it.words);
    await security.open();
    await security.submit('not the password', 'another lamp orbit seven');
    await expect(security.refusal).toBeVisible();
    await hydrated(it.page);
  },

  devices: async (it) => {
    await enter(it.page, it.bob, it.words);
    await signInElsewhere(it.server, it.bob);
    await visit(it.page, '/account/sessions');
  },

  'devices-alone': async (it) => {
    await enter(it.page, it.bob, it.words);
    await visit(it.page, '/account/sessions?note=others_ended');
  },

  activity: async (it) => {
    it.complaints.expectRefusal(401, '/sign-in');
    const signIn = new SignInPage(it.page, it.words);
    await signIn.open();
    await signIn.submit({ ...it.bob, password: 'not the password' });
    await expect(signIn.refusal).toBeVisible();
    await hydrated(it.page);
    await signIn.signIn(it.bob);
    await visit(it.page, '/account/activity');
  },

  'activity-not-me': async (it) => {
    await enter(it.page, it.bob, it.words);
    const activity = new ActivityPage(it.page, it.words);
    await activity.open();
    const event = activity.events.first();
    await activity.notMe(event).click();
    await expect(activity.secureButton(event)).toBeVisible();
  },

  'activity-empty': async (it) => {
    await enter(it.page, it.bob, it.words);
    await visit(it.page, '/account/activity?filter=password');
  },

  'activity-not-found': async (it) => {
    it.complaints.expectRefusal(400, '/account/activity');
    await enter(it.page, it.bob, it.words);
    await visit(it.page, '/account/activity?after=nothing');
  },

  ...ownAccountPages,
  ...passkeyPages,
  ...adminPages,
  ...webhookPages,
  ...auditPages,
  ...factorPolicyPages,
  ...documentPages,
  ...rolePages,
  ...organizationPages,
  ...policyPages,
  ...invitationPages,
};

const otherPages = {
  inbox: async ({ page, inbox, bob }) => {
    await inbox.mailTo(bob.email, 'welcome');
    // Not those of every test before: there are hundreds.
    await page.goto(`/dev/inbox?to=${encodeURIComponent(bob.email)}`);
  },

  'api-docs': async ({ page }) => page.goto('/api/docs'),
};

export const everyPage = { ...entryPages, ...accountPages, ...otherPages };

const sizes = [
  { width: 360, height: 740 },
  { width: 1280, height: 800 },
];

/** Each size in each theme. */
export const looks = sizes.flatMap((size) =>
  ['light', 'dark'].map((theme) => ({ ...size, theme, name: `${size.width}-${theme}` })),
);

/** Gives the page a size and a theme. Without motion: nobody wants to judge colours on their way. */
export async function look(page, { width, height, theme }) {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
}
