// A device that keeps passkeys, without anybody touching it: Chromium's virtual authenticator (WebAuthn, over CDP).

export class Authenticator {
  #client;
  #id;

  constructor(client, id) {
    this.#client = client;
    this.#id = id;
  }

  /** Gives the browser of `page` a device that unlocks by fingerprint, face or PIN, and somebody who does so. */
  static async of(page) {
    const client = await page.context().newCDPSession(page);
    await client.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    };
    const { authenticatorId } = await client.send('WebAuthn.addVirtualAuthenticator', { options });
    return new Authenticator(client, authenticatorId);
  }

  /** The passkeys on it. */
  async passkeys() {
    return (await this.#send('getCredentials')).credentials;
  }

  /** Puts a passkey onto it, as a backup would. */
  async restore(credential) {
    await this.#send('addCredential', { credential });
  }

  /** Whether fingerprint, face or PIN are accepted from now on. */
  async verifies(isUserVerified) {
    await this.#send('setUserVerified', { isUserVerified });
  }

  /** Whether somebody is there from now on to answer a prompt. */
  async isAttended(enabled) {
    await this.#send('setAutomaticPresenceSimulation', { enabled });
  }

  #send(command, more = {}) {
    return this.#client.send(`WebAuthn.${command}`, { authenticatorId: this.#id, ...more });
  }
}

/**
 * From the next page on, the browser fills no passkeys in by itself: with a device that answers every question, the
 * sign-in page would be gone before anything else is tried.
 */
export async function withoutAutofill(page) {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
  });
}
