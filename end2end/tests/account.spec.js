// One's own account: the name, the password, the devices, what happened. It runs with JavaScript and
// without.
import { arrive, hydrated, statusAfter, visit } from '../support/arrive.js';
import { ActivityPage } from '../support/pages/activity.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { DevicesPage } from '../support/pages/devices.js';
import { ProfilePage } from '../support/pages/profile.js';
import { SecurityPage } from '../support/pages/security.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { expectSignedOut, firefox, iphone, signIn } from '../support/sessions.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

const nextPassword = 'another lamp orbit nine';

test('the navigation leads to every place and marks where one is', async ({ page, bobSignedIn: _bob }) => {
  for (const [name, path] of [
    ['Profile', '/account'],
    ['Security', '/account/security'],
    ['Devices', '/account/sessions'],
    ['Personal access tokens', '/account/tokens'],
    ['Activity', '/account/activity'],
    ['Your data', '/account/data'],
    ['Dashboard', '/dashboard'],
  ]) {
    const entry = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true });
    await expect(entry).not.toHaveAttribute('aria-current');
    await entry.click();
    await arrive(page, path);
    await expect(entry).toHaveAttribute('aria-current', 'page');
    await expect(page.locator('nav [aria-current="page"]')).toHaveCount(1);
    await expect(page).toHaveTitle(`${name} · Keywright`);
  }
});

test('the name is changed, and refused beside its field', async ({ page, bobSignedIn: bob, complaints }) => {
  const profile = new ProfilePage(page);
  await profile.open();
  await expect(profile.name).toHaveValue(bob.name);
  await expect(page.getByRole('main').getByText(bob.email)).toBeVisible();
  await profile.changeName('Robert Durand');
  await expect(profile.name).toHaveValue('Robert Durand');

  await test.step('what cannot be a name is said, kept, and changes nothing', async () => {
    complaints.expectRefusal(422, '/account');
    expect(await statusAfter(page, () => profile.submit('win at https://evil.example'))).toBe(422);
    await arrive(page, '/account');
    await expect(profile.name).toHaveAccessibleDescription(/A character here is not allowed\./);
    await expect(profile.name).toHaveValue('win at https://evil.example');
    await expect(page.getByText('Saved.')).toBeHidden();
    await expect(page).toHaveTitle(/^Error: Profile/);
  });

  const dashboard = new DashboardPage(page);
  await dashboard.open();
  await expect(dashboard.greeting({ name: 'Robert Durand' })).toBeVisible();
});

test('the password is changed: other devices are out, this one stays, the old one is refused', async ({ page, anotherBrowser, bobSignedIn: bob, complaints }) => {
  const elsewhere = await anotherBrowser(firefox);
  await signIn(elsewhere, bob);
  const security = new SecurityPage(page);
  await security.open();
  await expect(security.endOthers).toBeChecked();
  await expect(security.current).toHaveAttribute('autocomplete', 'current-password');
  await expect(security.new).toHaveAttribute('autocomplete', 'new-password');

  await test.step('a wrong current password is refused at its field', async () => {
    complaints.expectRefusal(422, '/account/security');
    expect(await statusAfter(page, () => security.submit('not the password', nextPassword))).toBe(422);
    await arrive(page, '/account/security');
    await expect(security.current).toHaveAccessibleDescription(/This is not your current password\./);
    await expect(security.current).toHaveAttribute('aria-invalid', 'true');
    await expect(security.new).not.toHaveAttribute('aria-invalid');
    await expect(security.new).toHaveValue('');
    await security.refusal.getByRole('link', { name: 'Current password' }).click();
    await expect(security.current).toBeFocused();
  });

  await test.step('the current password is no new one, and is refused at the other field', async () => {
    expect(await statusAfter(page, () => security.submit(bob.password, bob.password))).toBe(422);
    await expect(security.new).toHaveAccessibleDescription(/This is your current password\./);
    await expect(security.current).not.toHaveAttribute('aria-invalid');
  });

  await security.submit(bob.password, nextPassword);
  await expect(page.getByText('Your password is changed, and all other devices are signed out.')).toBeVisible();
  await hydrated(page);
  await expectSignedOut(elsewhere);

  complaints.expectRefusal(401, '/sign-in');
  const form = new SignInPage(elsewhere);
  expect(await statusAfter(elsewhere, () => form.submit(bob))).toBe(401);
  await form.signIn({ ...bob, password: nextPassword }, '/account');
  await page.reload();
  await arrive(page, '/account/security');
});

test('who unticks the box keeps the other devices', async ({ page, anotherBrowser, bobSignedIn: bob, complaints }) => {
  const elsewhere = await anotherBrowser(firefox);
  await signIn(elsewhere, bob);
  const security = new SecurityPage(page);
  await security.open();
  await security.endOthers.uncheck();
  await test.step('also when it was refused before', async () => {
    complaints.expectRefusal(422, '/account/security');
    expect(await statusAfter(page, () => security.submit('not the password', nextPassword))).toBe(422);
    await arrive(page, '/account/security');
    await expect(security.endOthers).not.toBeChecked();
  });
  await security.submit(bob.password, nextPassword);
  await expect(page.getByText('Your password is changed.', { exact: true })).toBeVisible();
  await hydrated(page);
  await visit(elsewhere, '/account');
  await arrive(elsewhere, '/account');
});

test('one device is signed out from the list, then all others', async ({ page, anotherBrowser, bobSignedIn: bob }) => {
  const devices = new DevicesPage(page);
  await devices.open();
  await expect(devices.thisDevice).toHaveCount(1);
  await expect(page.getByText('No other devices are signed in.')).toBeVisible();
  await expect(devices.endOthers).toBeHidden();

  const [computer, phone] = [await anotherBrowser(firefox), await anotherBrowser(iphone)];
  for (const one of [computer, phone]) await signIn(one, bob);
  await devices.open();
  await expect(devices.list).toHaveCount(3);
  await expect(devices.list.first(), 'the device at hand').toContainText('This device');
  await expect(devices.device('Firefox on Linux')).toContainText('Password');
  await expect(devices.device('Firefox on Linux').locator('time').first()).toHaveAttribute('datetime', /^\d{4}-.*Z$/);

  await devices.endButton('Firefox on Linux').click();
  await expect(page.getByText('The device is signed out.')).toBeVisible();
  await hydrated(page);
  await expect(devices.device('Firefox on Linux')).toHaveCount(0);
  await expectSignedOut(computer);
  await visit(phone, '/account');
  await arrive(phone, '/account');

  await devices.endOthers.click();
  await expect(page.getByText('All other devices are signed out.')).toBeVisible();
  await hydrated(page);
  await expect(page.getByText('No other devices are signed in.')).toBeVisible();
  await expect(devices.list).toHaveCount(1);
  await expectSignedOut(phone);
});

test('a sign-in, a refused one and a change of password are in the activity, and filters find them', async ({ page, bob, complaints }) => {
  complaints.expectRefusal(401, '/sign-in');
  const form = new SignInPage(page);
  await form.open();
  expect(await statusAfter(page, () => form.submit({ ...bob, password: 'not the password' }))).toBe(401);
  await form.signIn(bob);
  const security = new SecurityPage(page);
  await security.open();
  await security.submit(bob.password, nextPassword);
  await expect(page.getByText('Your password is changed', { exact: false })).toBeVisible();
  await hydrated(page);

  const activity = new ActivityPage(page);
  const [changed, signedIn, refused] = [
    'The password was changed.',
    'Signed in with the password.',
    'A sign-in with a wrong password was refused.',
  ];
  await activity.open();
  await expect(activity.filter('All')).toHaveAttribute('aria-current', 'true');
  await expect(activity.events.first()).toContainText(changed);
  await expect(activity.events.first()).toContainText('Chrome on Linux');
  for (const sentence of [signedIn, refused]) {
    await expect(activity.events.filter({ hasText: sentence })).toHaveCount(1);
  }

  await activity.filter('Password').click();
  await expect(page).toHaveURL('/account/activity?filter=password');
  await hydrated(page);
  await expect(activity.filter('Password')).toHaveAttribute('aria-current', 'true');
  await expect(activity.filter('All')).not.toHaveAttribute('aria-current');
  await expect(activity.events).toHaveCount(1);
  await expect(activity.events).toContainText(changed);

  await activity.filter('Sign-in').click();
  await expect(page).toHaveURL('/account/activity?filter=sign_in');
  await hydrated(page);
  await expect(activity.events).toHaveCount(2);

  await activity.filter('Address').click();
  await expect(page.getByText('Nothing has happened to your address here.')).toBeVisible();
});

for (const path of ['/account/activity?after=nothing', '/account/activity?filter=nothing', '/account/sessions?after=nothing']) {
  test(`${path} is no list: said in words, and the list is one link away`, async ({ page, bobSignedIn: _bob, complaints }) => {
    const { pathname } = new URL(path, 'http://localhost');
    complaints.expectRefusal(400, pathname);
    expect((await visit(page, path)).status()).toBe(400);
    await expect(page.getByRole('alert')).toContainText('This part of the list was not found');
    await page.getByRole('link', { name: 'Show the list' }).click();
    await expect(page).toHaveURL(pathname);
    await expect(page.getByRole('alert')).toBeHidden();
  });
}

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('finds the whole account in French', async ({ page, bob, complaints }) => {
    const form = new SignInPage(page, french);
    await form.open();
    await form.signIn(bob);

    const profile = new ProfilePage(page, french);
    await profile.open();
    await expect(profile.heading).toBeVisible();
    await profile.changeName('Zoé Durand');

    complaints.expectRefusal(422, '/account/security');
    const security = new SecurityPage(page, french);
    await security.open();
    await expect(security.heading).toBeVisible();
    expect(await statusAfter(page, () => security.submit('pas le bon', nextPassword))).toBe(422);
    await expect(security.current).toHaveAccessibleDescription(/Ce n’est pas votre mot de passe actuel\./);

    const devices = new DevicesPage(page, french);
    await devices.open();
    await expect(devices.heading).toBeVisible();
    await expect(devices.thisDevice).toContainText('Mot de passe');
    await expect(page.getByText('Aucun autre appareil n’est connecté.')).toBeVisible();

    const activity = new ActivityPage(page, french);
    await activity.open();
    await expect(activity.heading).toBeVisible();
    await expect(activity.events.first()).toContainText('Un mot de passe incorrect a été saisi');
    await expect(activity.events.nth(1)).toContainText('Votre nom a été modifié.');
    await activity.filter('Connexion').click();
    await expect(activity.events).toHaveCount(2);
  });
});
