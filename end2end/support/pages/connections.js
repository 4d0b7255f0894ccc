// The pages about accounts of other services: /account/connections, and /connect-account, which asks for a proof first.
import { arrive, visit } from '../arrive.js';
import { ProviderPage } from './provider.js';

/** The page /account/connections. */
export class ConnectionsPage {
  constructor(page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: 'Connections', exact: true });
    this.list = page.locator('main ul.devices').locator(':scope > li');
    this.note = page.getByRole('status').filter({ hasText: /\S/ });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account/connections');
  }

  connectLink({ id }) {
    return this.page.locator(`a[href="/account/connections/${id}/connect"]`);
  }

  /** The card of what is connected, by the address there. */
  connection({ email }) {
    return this.list.filter({ hasText: email });
  }

  /** Goes to the provider to connect an account there. */
  async connect(provider) {
    await this.connectLink(provider).click();
    const there = new ProviderPage(this.page, provider);
    await there.shown();
    return there;
  }

  /** Opens what disconnecting means, and does it. */
  async disconnect(person) {
    const one = this.connection(person);
    await one.getByText('Disconnect', { exact: true }).click();
    await one.getByRole('button', { name: 'Disconnect this account', exact: true }).click();
  }
}

/** The page /connect-account. */
export class ConnectAccountPage {
  constructor(page) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: 'You already have an account with this address' });
    this.ways = page.locator('.provider-list').getByRole('link');
    this.byPassword = page.locator('.provider-list a[href^="/sign-in?next="]').first();
    this.connect = page.locator('form[action="/rpc/connect_pending"]').getByRole('button');
    this.notNow = page.locator('form[action="/rpc/forget_pending_connection"]').getByRole('button');
  }

  async open() {
    return visit(this.page, '/connect-account');
  }

  /** Waits for the page, as somebody who comes from a provider. */
  async shown() {
    await arrive(this.page, '/connect-account');
  }
}

/** The page that says why a provider led nowhere. */
export class RefusedPage {
  constructor(page) {
    this.page = page;
    this.sentence = page.getByRole('alert');
    this.tryAgain = page.getByRole('main').locator('a[href^="/sign-in/with/"]');
    this.otherWays = page.getByRole('main').locator('a[href="/sign-in"]');
  }

  async shown({ id }) {
    await arrive(this.page, `/sign-in/with/${id}/refused`);
  }
}
