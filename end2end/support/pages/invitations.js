// The page /invitation, which answers an invitation, and those of an organization about who comes into it.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

/** The words of these pages, as the design fixes them. */
const labels = {
  en: {
    invited: 'You are invited',
    accept: 'Accept and join',
    decline: 'I do not want to join',
    declineAction: 'Decline the invitation',
    declined: 'Invitation declined',
    signOut: 'Sign out and go on',
    role: 'Role',
    department: 'Department',
    invite: 'Send the invitation',
    resend: 'Send again',
    revoke: 'Take back',
    domain: 'Domain',
    claim: 'Add the domain',
    check: 'Check the record',
    joins: 'Who confirms an address of this domain joins as',
    save: 'Save',
    require: 'Require a second factor',
    release: 'No longer require it',
  },
  fr: {
    invited: 'Vous êtes invité',
    accept: 'Accepter et rejoindre',
    decline: 'Je ne souhaite pas la rejoindre',
    declineAction: 'Décliner l’invitation',
    declined: 'Invitation déclinée',
    signOut: 'Se déconnecter et continuer',
    role: 'Rôle',
    department: 'Service',
    invite: 'Envoyer l’invitation',
    resend: 'Renvoyer',
    revoke: 'Retirer',
    domain: 'Domaine',
    claim: 'Ajouter le domaine',
    check: 'Vérifier l’enregistrement',
    joins: 'Qui confirme une adresse de ce domaine rejoint en tant que',
    save: 'Enregistrer',
    require: 'Exiger un second facteur',
    release: 'Ne plus l’exiger',
  },
};

/** The page of whoever is invited. */
export class InvitationPage {
  constructor(page, words = english) {
    this.page = page;
    const said = labels[words.tag];
    const button = (name) => page.getByRole('button', { name, exact: true });
    this.heading = page.getByRole('heading', { level: 1, name: said.invited });
    this.declined = page.getByRole('heading', { level: 1, name: said.declined });
    this.accept = button(said.accept);
    this.signIn = button(words.signIn);
    this.signUp = button(words.createAccount);
    this.signOut = button(said.signOut);
    this.decline = page.getByText(said.decline, { exact: true });
    this.declineAction = button(said.declineAction);
    this.code = page.getByLabel(words.code, { exact: true });
    this.refusal = page.getByRole('alert');
  }

  /** Accepts, and waits for the organization. */
  async join({ slug }) {
    await this.accept.click();
    await arrive(this.page, `/orgs/${slug}`);
  }
}

/** The page /orgs/{slug}/invitations. */
export class InvitationsPage {
  constructor(page, { slug }, words = english) {
    this.page = page;
    this.path = `/orgs/${slug}/invitations`;
    this.said = labels[words.tag];
    this.rows = page.locator('main tbody').getByRole('row');
    this.email = page.getByLabel(words.email, { exact: true });
    this.role = page.getByLabel(this.said.role, { exact: true });
    this.department = page.getByLabel(this.said.department, { exact: true });
    this.button = page.getByRole('button', { name: this.said.invite, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    return visit(this.page, this.path);
  }

  /** The line of somebody who is invited. */
  invitation({ email }) {
    return this.rows.filter({ hasText: email });
  }

  resend(person) {
    return this.invitation(person).getByRole('button', { name: this.said.resend, exact: true });
  }

  revoke(person) {
    return this.invitation(person).getByRole('button', { name: this.said.revoke, exact: true });
  }

  async submit({ email, role = 'member', department = '' }) {
    await this.email.fill(email);
    await this.role.selectOption(role);
    await this.department.fill(department);
    await this.button.click();
  }

  /** Invites somebody and waits for their line. */
  async invite(wanted) {
    await this.submit(wanted);
    await expect(this.page).toHaveURL(/note=sent/);
    await expect(this.invitation(wanted)).toBeVisible();
    await hydrated(this.page);
  }
}

/** The page /orgs/{slug}/domains. */
export class DomainsPage {
  constructor(page, { slug }, words = english) {
    this.page = page;
    this.path = `/orgs/${slug}/domains`;
    const said = labels[words.tag];
    this.domain = page.getByLabel(said.domain, { exact: true });
    this.claimButton = page.getByRole('button', { name: said.claim, exact: true });
    this.check = page.getByRole('button', { name: said.check, exact: true });
    this.record = page.locator('.domain-record code');
    this.joins = page.getByLabel(said.joins, { exact: true });
    this.save = page.getByRole('button', { name: said.save, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    return visit(this.page, this.path);
  }

  async submit(domain) {
    await this.domain.fill(domain);
    await this.claimButton.click();
  }

  /** Claims a domain. Returns the record that proves it. */
  async claim(domain) {
    await this.submit(domain);
    await expect(this.page).toHaveURL(/note=claimed/);
    await hydrated(this.page);
    return this.record.textContent();
  }
}

/** The page /orgs/{slug}/security. */
export class OrganizationSecurityPage {
  constructor(page, { slug }, words = english) {
    this.page = page;
    this.path = `/orgs/${slug}/security`;
    const said = labels[words.tag];
    this.require = page.getByRole('button', { name: said.require, exact: true });
    this.release = page.getByRole('button', { name: said.release, exact: true });
  }

  async open() {
    return visit(this.page, this.path);
  }
}
