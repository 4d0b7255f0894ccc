// The page that asks before a native app gets its code.
import { arrive } from '../arrive.js';

export class NativeAppPage {
  constructor(page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: 'Continue to an app on this device?', exact: true });
    this.facts = page.getByRole('main').locator('dl');
    this.continue = page.getByRole('link', { name: 'Continue', exact: true });
    this.cancel = page.getByRole('link', { name: 'Cancel', exact: true });
    this.over = page.getByRole('status').filter({ hasText: 'Go back to the app' });
  }

  async shown({ id }) {
    await arrive(this.page, `/sign-in/with/${id}/app`);
  }
}
