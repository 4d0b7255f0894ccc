// The whole program in a real browser: the release build, once with JavaScript and once without.
import { defineConfig } from '@playwright/test';

/** Tests of what happens within a second: they run when nothing else does. */
const timed = ['script/{tabs,staying_signed_in,smtp,motion}.spec.js'];

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  // Each has a server and a browser of its own.
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  // A test that passes at the second try has found something.
  retries: 0,
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: 'list',
  outputDir: 'test-results',
  use: {
    locale: 'en-US',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'script', testIgnore: ['no-script/**', ...timed] },
    { name: 'no-script', testIgnore: 'script/**', use: { javaScriptEnabled: false } },
    { name: 'timed', testMatch: timed, workers: 1 },
  ],
});
