// The page /account: who one is.
import { expect } from '@playwright/test';

import { hydrated, visit } from '../arrive.js';
import { english } from '../words.js';

export class ProfilePage {
  constructor(page, words = english) {
    this.page = page;
    this.words = words;
    this.heading = page.getByRole('heading', { level: 1, name: words.profile });
    this.name = page.getByLabel(words.name, { exact: true });
    this.button = page.getByRole('button', { name: words.save, exact: true });
    this.pictureFile = page.getByLabel(words.pictureFile, { exact: true });
    this.uploadButton = page.getByRole('button', { name: words.upload, exact: true });
    this.removeButton = page.getByRole('button', { name: words.remove, exact: true });
    /** The picture, on the card and beside the name in the navigation. */
    this.pictures = page.locator('img.avatar');
    this.timeZone = page.getByLabel(words.timeZone, { exact: true });
    this.timeZoneButton = page.getByRole('button', { name: words.saveTimeZone, exact: true });
    this.changeAddress = page.getByRole('link', { name: words.changeAddress, exact: true });
    this.refusal = page.getByRole('alert');
  }

  async open() {
    await visit(this.page, '/account');
  }

  async submit(name) {
    await this.name.fill(name);
    await this.button.click();
  }

  /** Changes the name and waits for the page to say so. */
  async changeName(name) {
    await this.submit(name);
    await this.#says(this.words.saved);
  }

  /** Chooses a file, such as `{ name, mimeType, buffer }`, and sends it. */
  async sendPicture(file) {
    await this.pictureFile.setInputFiles(file);
    await this.uploadButton.click();
  }

  /** Sends a picture and waits for the page to say so. */
  async changePicture(file) {
    await this.sendPicture(file);
    await this.#says(this.words.pictureSaved);
  }

  async removePicture() {
    await this.removeButton.click();
    await this.#says(this.words.pictureRemoved);
  }

  /** Chooses a zone by its name in the IANA database. */
  async changeTimeZone(zone) {
    await this.timeZone.selectOption(zone);
    await this.timeZoneButton.click();
    await this.#says(this.words.timeZoneSaved);
  }

  async #says(sentence) {
    await expect(this.page.getByText(sentence, { exact: true })).toBeVisible();
    await hydrated(this.page);
  }
}
