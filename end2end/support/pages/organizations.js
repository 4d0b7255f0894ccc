// The pages below /orgs: the organizations one is in, and what is in each.
import { expect } from '@playwright/test';

import { arrive, hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

/** The words of these pages, as the design fixes them. */
const labels = {
  en: {
    organizations: 'Organizations',
    first: 'Create your first organization',
    fresh: 'New organization',
    create: 'Create organization',
    address: 'Address',
    save: 'Save',
    remove: 'Remove from the organization',
    change: 'Change',
    role: 'Role',
    leave: 'Leave organization',
    newOwner: 'New owner',
    transfer: 'Transfer ownership',
    newRole: 'New role',
    createRole: 'Create role',
    removeRole: 'Remove role',
    delete: 'Delete organization',
    keep: 'Keep organization',
    own: 'Your account',
    allowed: 'What it allows',
  },
  fr: {
    organizations: 'Organisations',
    first: 'Créer votre première organisation',
    fresh: 'Nouvelle organisation',
    create: 'Créer l’organisation',
    address: 'Adresse courte',
    save: 'Enregistrer',
    remove: 'Retirer de l’organisation',
    change: 'Modifier',
    role: 'Rôle',
    leave: 'Quitter l’organisation',
    newOwner: 'Nouveau propriétaire',
    transfer: 'Transférer la propriété',
    newRole: 'Nouveau rôle',
    createRole: 'Créer le rôle',
    removeRole: 'Supprimer le rôle',
    delete: 'Supprimer l’organisation',
    keep: 'Conserver l’organisation',
    own: 'Votre compte',
    allowed: 'Ce qu’il permet',
  },
};

export class OrganizationsPage {
  constructor(page, words = english) {
    this.page = page;
    const said = labels[words.tag];
    this.heading = page.getByRole('heading', { level: 1, name: said.organizations });
    this.first = page.getByRole('main').getByRole('link', { name: said.first, exact: true });
    this.fresh = page.getByRole('main').getByRole('link', { name: said.fresh, exact: true });
    this.list = page.locator('main ul.organizations').locator(':scope > li');
    this.name = page.getByLabel(words.name, { exact: true });
    this.address = page.getByLabel(said.address, { exact: true });
    this.create = page.getByRole('button', { name: said.create, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/orgs');
  }

  async submit({ name, address = '' }) {
    await this.name.fill(name);
    await this.address.fill(address);
    await this.create.click();
  }

  /** Makes one and waits for its first page. */
  async make(wanted) {
    await visit(this.page, '/orgs/new');
    await this.submit(wanted);
    await expect(this.page.getByRole('heading', { level: 1, name: wanted.name, exact: true })).toBeVisible();
    await hydrated(this.page);
  }
}

/** The pages of one organization. */
export class OrganizationPage {
  constructor(page, { slug }, words = english) {
    this.page = page;
    this.slug = slug;
    this.words = words;
    this.said = labels[words.tag];
    this.places = page.locator('.side-nav .places');
    this.rows = page.locator('main tbody').getByRole('row');
    this.alert = page.getByRole('alert');
    this.leave = page.getByRole('button', { name: this.said.leave, exact: true });
    this.newOwner = page.getByLabel(this.said.newOwner, { exact: true });
    this.transfer = page.getByRole('button', { name: this.said.transfer, exact: true });
    this.name = page.getByLabel(words.name, { exact: true });
    this.address = page.getByLabel(this.said.address, { exact: true });
    this.save = page.getByRole('button', { name: this.said.save, exact: true });
    this.permissions = page.getByRole('group', { name: this.said.allowed });
    this.createRole = page.getByRole('button', { name: this.said.createRole, exact: true });
    this.delete = page.getByRole('button', { name: this.said.delete, exact: true });
    this.keep = page.getByRole('button', { name: this.said.keep, exact: true });
  }

  /** Opens a page of it, such as `/members`. */
  async open(rest = '') {
    return visit(this.page, `/orgs/${this.slug}${rest}`);
  }

  /** The line of a member. */
  member({ email }) {
    return this.rows.filter({ hasText: email });
  }

  /** Gives a member a role, by what it is called, and waits for the page to say so. */
  async give(person, role) {
    const row = this.member(person);
    await row.locator('summary').click();
    await row.getByLabel(this.said.role, { exact: true }).selectOption({ label: role });
    await row.getByRole('button', { name: this.said.save, exact: true }).click();
    await expect(this.page).toHaveURL(/note=changed/);
    await hydrated(this.page);
  }

  /** The box of a permission, such as `documents:read`. */
  permission(name) {
    return this.permissions.locator(`input[value="${name}"]`);
  }
}

/** The switcher, on every page of who is in an organization. */
export class Switcher {
  constructor(page, words = english) {
    this.page = page;
    this.all = page.locator('.switcher');
    this.summary = this.all.locator('summary');
    this.own = this.all.getByRole('button', { name: labels[words.tag].own, exact: true });
  }

  /** Goes over to an organization, and waits for its first page. */
  async choose({ name, slug }) {
    await this.summary.click();
    await this.all.locator(`button[value="${slug}"]`).click();
    await arrive(this.page, `/orgs/${slug}`);
    await expect(this.summary).toContainText(name);
  }
}
