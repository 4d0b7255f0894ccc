// The front page, and the ways in from there.
import { arrive, visit } from '../arrive.js';

export class FrontPage {
  constructor(page) {
    this.page = page;
    this.dashboardLink = page.getByRole('link', { name: 'Open dashboard' });
  }

  async open() {
    await visit(this.page, '/');
  }

  /** Follows the link. With JavaScript the page changes without being loaded anew. */
  async openDashboard() {
    await this.dashboardLink.click();
    await arrive(this.page, '/dashboard');
  }
}
