// The mail domains of an organization: anybody can use the page, on a phone and on a screen, in both themes.
import { hydrated } from '../../support/arrive.js';
import { expectGoodLooks } from '../../support/looks.js';
import { createOrganization } from '../../support/organizations.js';
import { DomainsPage } from '../../support/pages/invitations.js';
import { enter } from '../../support/sessions.js';
import { expect, test } from '../../support/test.js';
import { english, french } from '../../support/words.js';

// Nobody answers there: no record is looked for.
test.use({ settings: { KEYWRIGHT_ORGANIZATION_DOMAINS: 'on', KEYWRIGHT_DNS_SERVER: '127.0.0.1:9' } });

for (const [locale, words] of [['en-US', english], ['fr-FR', french]]) {
  test.describe(words.tag, () => {
    test.use({ locale });

    test(`the page of mail domains fits, with and without one (${words.tag})`, async ({ page, server, bob, complaints }) => {
      const organization = await createOrganization(server, bob, 'Atelier Durand & Sons');
      await enter(page, bob, words);
      const domains = new DomainsPage(page, organization, words);
      await domains.open();
      await expectGoodLooks(page, 'organization-domains-empty', words);
      await domains.claim(`a-rather-long-name-of-an-atelier-${words.tag}.example`);
      await expectGoodLooks(page, 'organization-domains', words);
      complaints.expectRefusal(422, domains.path);
      await domains.submit('gmail.com');
      await expect(domains.refusal).toBeVisible();
      await hydrated(page);
      await expectGoodLooks(page, 'organization-domains-refused', words);
    });
  });
}
