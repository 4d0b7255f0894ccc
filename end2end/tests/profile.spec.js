// The picture and the time zone of a person. It runs with JavaScript and without.
import { arrive, runsScript, statusAfter } from '../support/arrive.js';
import { ActivityPage } from '../support/pages/activity.js';
import { DashboardPage } from '../support/pages/dashboard.js';
import { DevicesPage } from '../support/pages/devices.js';
import { ProfilePage } from '../support/pages/profile.js';
import { SignInPage } from '../support/pages/sign_in.js';
import { noPicture, picture, tooLarge } from '../support/pictures.js';
import { expect, test } from '../support/test.js';
import { french } from '../support/words.js';

test('a picture is sent, shown on every page, replaced and removed', async ({ page, request, bobSignedIn: _bob }) => {
  const profile = new ProfilePage(page);
  await profile.open();
  await expect(profile.pictures).toHaveCount(0);
  await expect(profile.removeButton).toBeHidden();
  await expect(page.getByRole('main').getByText('BD', { exact: true }), 'the initials').toBeVisible();

  await profile.changePicture(picture());
  await expect(profile.pictures).toHaveCount(2);
  const first = await profile.pictures.first().getAttribute('src');
  for (const one of await profile.pictures.all()) {
    await expect(one).toHaveJSProperty('naturalWidth', 256);
    await expect(one).toHaveAttribute('alt', '');
  }

  await test.step('it is served for ever, without what the file told besides', async () => {
    const answer = await request.get(first);
    expect(answer.headers()['cache-control']).toBe('private, max-age=600, immutable');
    expect(answer.headers()['content-type']).toMatch(/^image\/(png|webp)$/);
    expect((await answer.body()).toString('latin1')).not.toContain('taken at home');
  });

  await new DashboardPage(page).open();
  await expect(profile.pictures, 'in the navigation').toHaveAttribute('src', first);

  await profile.open();
  await profile.changePicture(picture({ colour: [20, 20, 220] }));
  const second = await profile.pictures.first().getAttribute('src');
  expect(second).not.toBe(first);
  expect((await request.get(first)).status(), 'the one before').toBe(404);

  await profile.removePicture();
  await expect(profile.pictures).toHaveCount(0);
  expect((await request.get(second)).status()).toBe(404);

  const activity = new ActivityPage(page);
  await activity.open();
  await activity.filter('Profile').click();
  await expect(activity.events.first()).toContainText('Your picture was removed.');
  await expect(activity.events.filter({ hasText: 'Your picture was changed.' })).toHaveCount(2);
});

test('what is no picture is refused beside its field, and nothing changes', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account');
  const profile = new ProfilePage(page);
  await profile.open();
  expect(await statusAfter(page, () => profile.sendPicture(noPicture()))).toBe(422);
  await arrive(page, '/account');
  await expect(profile.pictureFile).toHaveAccessibleDescription(/Choose a picture: a PNG, JPEG or WebP/);
  await expect(profile.pictureFile).toHaveAttribute('aria-invalid', 'true');
  await expect(page).toHaveTitle(/^Error: Profile/);
  await expect(profile.pictures).toHaveCount(0);
  await profile.refusal.getByRole('link', { name: 'Picture file' }).click();
  await expect(profile.pictureFile).toBeFocused();
});

test('a photograph of 3 MB is refused in words; a script does not even send it', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account');
  const profile = new ProfilePage(page);
  await profile.open();
  const sent = [];
  page.on('request', (one) => one.method() === 'POST' && sent.push(one.url()));
  await profile.sendPicture(tooLarge());
  await expect(profile.pictureFile).toHaveAccessibleDescription(/This picture is too large\./);
  await arrive(page, '/account');
  expect(sent.length, 'posts').toBe(runsScript(page) ? 0 : 1);

  await profile.changePicture(picture());
  await expect(profile.pictures).toHaveCount(2);
});

test('no file at all is asked for', async ({ page, bobSignedIn: _bob, complaints }) => {
  complaints.expectRefusal(422, '/account');
  const profile = new ProfilePage(page);
  await profile.open();
  await profile.uploadButton.click();
  await expect(profile.pictureFile).toHaveAccessibleDescription(/Choose a picture/);
});

test('times are shown as the clocks of the chosen zone', async ({ page, bobSignedIn: _bob }) => {
  const devices = new DevicesPage(page);
  await devices.open();
  const lastSeen = devices.thisDevice.locator('time').last();
  await expect(lastSeen).toHaveText(/ at \d\d:\d\d UTC$/);

  const profile = new ProfilePage(page);
  await profile.open();
  await expect(profile.timeZone).toHaveValue('UTC');
  await profile.changeTimeZone('Asia/Kathmandu');
  await expect(profile.timeZone).toHaveValue('Asia/Kathmandu');
  await expect(profile.timeZone).toHaveAccessibleDescription(/There it is now \d\d:\d\d UTC\+05:45\./);

  await devices.open();
  await expect(lastSeen).toHaveText(/ at \d\d:\d\d UTC\+05:45$/);
  await expect(lastSeen, 'for programs').toHaveAttribute('datetime', /Z$/);
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Asia/Kathmandu' };
  const seen = new Date(await lastSeen.getAttribute('datetime'));
  await expect(lastSeen).toContainText(` at ${new Intl.DateTimeFormat('en', clock).format(seen)} `);

  const activity = new ActivityPage(page);
  await activity.open();
  await expect(activity.events.first()).toContainText('Your time zone was changed.');
  await expect(activity.events.first()).toContainText('UTC+05:45');
});

test.describe('a browser that prefers French', () => {
  test.use({ locale: 'fr-FR' });

  test('finds picture and time zone in French', async ({ page, bob }) => {
    const signIn = new SignInPage(page, french);
    await signIn.open();
    await signIn.signIn(bob);
    const profile = new ProfilePage(page, french);
    await profile.open();
    await profile.changeTimeZone('Europe/Paris');
    await profile.changePicture(picture());
    await expect(profile.timeZone.locator('optgroup').last()).toHaveAttribute('label', 'Pacifique');
    await profile.removePicture();
  });
});
