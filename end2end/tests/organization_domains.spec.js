// Mail domains: claimed, proved by a record in the DNS, and joined by whoever confirms an address of one. It runs with
// JavaScript and without.
import { randomBytes } from 'node:crypto';

import { arrive, hydrated, statusAfter, visit } from '../support/arrive.js';
import { DnsServer } from '../support/dns.js';
import { createOrganization } from '../support/organizations.js';
import { DomainsPage } from '../support/pages/invitations.js';
import { OrganizationPage } from '../support/pages/organizations.js';
import { createAccount, newcomer } from '../support/people.js';
import { firefox, signIn } from '../support/sessions.js';
import { expect, test as base } from '../support/test.js';

const test = base.extend({
  dns: [
    async ({}, use) => {
      const dns = await DnsServer.start();
      await use(dns);
      await dns.stop();
    },
    { scope: 'worker' },
  ],

  settings: [
    async ({ dns }, use) => use({ KEYWRIGHT_ORGANIZATION_DOMAINS: 'on', KEYWRIGHT_DNS_SERVER: dns.address }),
    { scope: 'worker' },
  ],
});

const handle = () => randomBytes(4).toString('hex');

test('a domain is proved, and whoever confirms an address of it is in', async ({ page, server, inbox, dns, anotherBrowser, bob, complaints }) => {
  const organization = await createOrganization(server, bob, `Acme x${handle()}x`);
  const domain = `acme-${handle()}.example`;
  await signIn(page, bob);
  const one = new OrganizationPage(page, organization);
  const domains = new DomainsPage(page, organization);
  await one.open();
  await one.places.getByRole('link', { name: 'Domains', exact: true }).click();
  await arrive(page, domains.path);
  await expect(page.getByText('No domain yet.')).toBeVisible();

  await test.step('a domain of everybody is refused', async () => {
    complaints.expectRefusal(422, domains.path);
    expect(await statusAfter(page, () => domains.submit('gmail.com'))).toBe(422);
    await expect(domains.domain).toHaveAccessibleDescription(/Everybody can get an address/);
    await expect(domains.domain).toHaveValue('gmail.com');
  });

  await test.step('its record proves it', async () => {
    const record = await domains.claim(domain);
    expect(record).toMatch(/^keywright-verification=\S{20,}$/);
    await expect(page.getByText('Not proved')).toBeVisible();
    dns.say(domain, record);
    await domains.check.click();
    await expect(page.getByText('the domain is verified')).toBeVisible();
    await hydrated(page);
    await expect(domains.record).toHaveCount(0);
  });

  await test.step('people of it join by themselves from now on', async () => {
    await domains.joins.selectOption('viewer');
    await domains.save.click();
    await expect(page.getByText('It holds for addresses that are confirmed from now on.')).toBeVisible();
    const carol = await createAccount(server, inbox, { ...newcomer('Carol Petit'), email: `carol-${handle()}@${domain}` });
    const hers = await anotherBrowser(firefox);
    await signIn(hers, carol);
    await expect(hers.getByText(`because your address is of ${domain}`)).toBeVisible();
    await hers.getByRole('button', { name: 'Got it', exact: true }).click();
    await expect(hers.getByText(`because your address is of ${domain}`)).toHaveCount(0);
    await hydrated(hers);
    await visit(hers, `/orgs/${organization.slug}`);
    await expect(hers.getByRole('heading', { level: 1, name: organization.name, exact: true })).toBeVisible();
  });

  await test.step('given back, it is nobody’s', async () => {
    await domains.open();
    await page.getByText('Release the domain', { exact: true }).click();
    await page.getByRole('button', { name: 'Release it now', exact: true }).click();
    await expect(page.getByText('The domain was released.')).toBeVisible();
    await expect(page.getByText('No domain yet.')).toBeVisible();
  });
});

test('what the DNS does not say is not proved', async ({ page, server, bob }) => {
  const organization = await createOrganization(server, bob, `Acme x${handle()}x`);
  await signIn(page, bob);
  const domains = new DomainsPage(page, organization);
  await domains.open();
  await domains.claim(`acme-${handle()}.example`);
  await domains.check.click();
  await expect(page.getByText('The record was not found yet.')).toBeVisible();
  await expect(page.getByText('Not proved')).toBeVisible();
});
