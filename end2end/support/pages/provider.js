// The page of a provider that asks who somebody is.
import { expect } from '@playwright/test';

export class ProviderPage {
  constructor(page, { name }) {
    this.page = page;
    this.heading = page.getByRole('heading', { level: 1, name: `Sign in to ${name}` });
    this.subject = page.getByLabel('Subject', { exact: true });
    this.address = page.getByLabel('Address', { exact: true });
    this.isVerified = page.getByLabel('The address is verified', { exact: true });
    this.name = page.getByLabel('Full name', { exact: true });
    this.secondFactor = page.getByLabel('With a second factor', { exact: true });
    this.button = page.getByRole('button', { name: 'Sign in', exact: true });
    this.denyButton = page.getByRole('button', { name: 'Deny', exact: true });
  }

  async shown() {
    await expect(this.heading).toBeVisible();
  }

  /** Says who one is. Without an address, the provider tells none. */
  async signIn({ sub, email = '', name = '' }, { verified = true, secondFactor = false } = {}) {
    await this.subject.fill(sub);
    await this.address.fill(email);
    await this.isVerified.setChecked(verified);
    await this.name.fill(name);
    await this.secondFactor.setChecked(secondFactor);
    await this.button.click();
  }

  async deny() {
    await this.denyButton.click();
  }
}
