// "What just happened?" shows the sign-in that was, and nothing secret of it. It runs with JavaScript and
// without.
import { arrive, hydrated } from '../support/arrive.js';
import { ProfilePage } from '../support/pages/profile.js';
import { TokenDecoderPage } from '../support/pages/token_decoder.js';
import { WhatJustHappenedPage } from '../support/pages/what_just_happened.js';
import { expect, test } from '../support/test.js';

test('the dashboard leads to the sign-in taken apart: messages, steps, token, cookie', async ({ page, context, bobSignedIn: bob }) => {
  const explained = new WhatJustHappenedPage(page);
  await explained.link.click();
  await arrive(page, '/what-just-happened');
  await expect(explained.heading).toBeVisible();

  await test.step('the messages as they were', async () => {
    await expect(explained.messages.first()).toContainText('POST /rpc/sign_in HTTP/1.1');
    await expect(explained.messages.first()).toContainText('Sec-Fetch-Site: same-origin');
    await expect(explained.messages.first()).toContainText(`email=${encodeURIComponent(bob.email)}&password=••••••••`);
    await expect(explained.messages.nth(1)).toContainText('HTTP/1.1 303 See Other');
    await expect(explained.messages.nth(1)).toContainText('Location: /dashboard');
    await expect(explained.messages.nth(1)).toContainText('Cache-Control: no-store');
  });

  await test.step('every step with its time, drawn and in words', async () => {
    await expect(explained.steps).toHaveCount(10);
    await expect(explained.steps.nth(4)).toContainText('Argon2id m=1024,t=2,p=1');
    await expect(explained.steps.nth(4)).toContainText(/\d\s(µs|ms)/);
    await expect(explained.drawing).toHaveAccessibleName('Who said what to whom');
    await expect(explained.drawing).toContainText('Password verified');
    await expect(explained.drawing.locator('.sequence-check')).toHaveCount(4);
    await expect(explained.drawing.locator('.sequence-query')).toHaveCount(4);
  });

  await test.step('the token, every name explained, times by the reader’s clock', async () => {
    await expect(explained.claim('typ')).toContainText('at+jwt');
    await expect(explained.claim('exp')).toContainText('RFC 7519, 4.1.4');
    await expect(explained.claim('exp').locator('time')).toHaveText(/ at \d\d:\d\d UTC$/);
    await expect(explained.claim('kid').getByRole('link')).toHaveAttribute('href', '/.well-known/jwks.json');
    await expect(page.getByText('No standard we know gives this a meaning')).toHaveCount(0);
  });

  await test.step('the cookie, attribute by attribute', async () => {
    for (const attribute of ['__Host-', 'HttpOnly', 'Secure', 'SameSite=Lax', 'Path=/', 'Max-Age=7776000']) {
      await expect(explained.claim(attribute)).toContainText('Stops:');
    }
  });

  await test.step('nothing secret', async () => {
    const html = await page.content();
    const cookie = (await context.cookies()).find(({ name }) => name === '__Host-refresh');
    for (const secret of [bob.password, bob.password.replaceAll(' ', '+'), cookie.value, 'eyJ0eXAi', 'eyJhbGci']) {
      expect(html).not.toContain(secret);
    }
  });

  await explained.decoderLink.click();
  await arrive(page, '/token-decoder');
  await expect(new TokenDecoderPage(page).heading).toBeVisible();
});

test('times are those of the chosen zone', async ({ page, bobSignedIn: _bob }) => {
  const profile = new ProfilePage(page);
  await profile.open();
  await profile.changeTimeZone('Asia/Kathmandu');
  const explained = new WhatJustHappenedPage(page);
  await explained.open();
  await hydrated(page);
  await expect(explained.claim('auth_time').locator('time')).toHaveText(/ UTC\+05:45$/);
});
