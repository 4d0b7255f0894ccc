// An OpenID provider that is not ours: `oidc-provider`, which is certified, on a port of its own. It asks everybody who
// they are, each time, and believes them. Keys, answers and failures follow the test.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { Provider, interactionPolicy } from 'oidc-provider';

import { fedCm } from './fedcm_provider.js';
import { Messages } from './messages.js';
import { formOf, html, refusedPage, whoPage } from './provider_pages.js';

const clientId = 'keywright';
const { Check } = interactionPolicy;

export class OpenIdProvider {
  #server;
  #oidc;
  #kept = new Map();
  #keys = [newKey()];
  #redirects = [];
  /** Who signed in, by their name here. */
  #accounts = new Map();

  /** What went over the wire to and from the token endpoint. */
  messages = new Messages();
  /** Answers the token endpoint instead, as a broken provider does: `(request, answer) => …`. */
  tokenEndpoint = undefined;
  /** Who the browser is signed in as for FedCM; nobody: there is no account to choose. */
  signedIn = undefined;
  /** What stands in the ID token of FedCM instead of the nonce that was asked for. */
  otherNonce = undefined;

  constructor(id, name) {
    Object.assign(this, { id, name, clientId, clientSecret: randomBytes(24).toString('base64url') });
  }

  /** A provider that is called `name`, and `id` in addresses. */
  static async start(id, name) {
    const provider = new OpenIdProvider(id, name);
    provider.#server = createServer((request, answer) => provider.#answer(request, answer));
    await once(provider.#server.listen(0, '127.0.0.1'), 'listening');
    provider.#build();
    return provider;
  }

  get issuer() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** Where Keywright says that answers go. */
  leadBackTo(address) {
    this.#redirects = [address];
    this.#build();
  }

  /** The table of the settings. */
  settings(more = {}) {
    const { id, name, issuer, clientSecret } = this;
    return { kind: 'openid', id, name, issuer, client_id: clientId, client_secret: clientSecret, trust_email: true, ...more };
  }

  /** Signs with another key from now on; the old one is published no more. */
  rotateKeys() {
    this.#keys = [newKey()];
    this.#build();
  }

  /** Remembers somebody, as whoever types it into the form. */
  know({ sub, ...claims }) {
    this.#accounts.set(sub, { sub, ...claims });
    return sub;
  }

  /** An ID token as the token endpoint would give it, for FedCM. */
  idToken(sub, nonce) {
    const now = Math.floor(Date.now() / 1000);
    const [key] = this.#keys;
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const head = part({ alg: 'RS256', typ: 'JWT', kid: key.jwk.kid });
    const body = part({ iss: this.issuer, aud: clientId, nonce, iat: now, exp: now + 300, ...this.#accounts.get(sub) });
    return `${head}.${body}.${sign('RSA-SHA256', Buffer.from(`${head}.${body}`), key.own).toString('base64url')}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request, answer) {
    const { pathname } = new URL(request.url, this.issuer);
    try {
      if (pathname === '/token') {
        this.messages.record(request, answer);
        if (this.tokenEndpoint) return await this.tokenEndpoint(request, answer);
      }
      if (pathname.startsWith('/interaction/')) return await this.#interact(request, answer);
      if (await fedCm(this, pathname, request, answer)) return undefined;
      return await this.#oidc.callback()(request, answer);
    } catch (error) {
      // A way that was begun before the last rebuild, or a page that was opened twice.
      return html(answer, refusedPage(error), 400);
    }
  }

  /** The page that asks who somebody is, and what they answered. */
  async #interact(request, answer) {
    const { params } = await this.#oidc.interactionDetails(request, answer);
    if (request.method !== 'POST') return html(answer, whoPage(this.name, params));
    const form = await formOf(request);
    const merge = { mergeWithLastSubmission: false };
    if (form.get('act') === 'deny') {
      const no = { error: 'access_denied', error_description: '<b>The person said no.</b>' };
      return this.#oidc.interactionFinished(request, answer, no, merge);
    }
    const isStrong = form.has('second_factor');
    const accountId = this.know({
      sub: form.get('sub'),
      email: form.get('email') || undefined,
      email_verified: form.get('email') ? form.has('email_verified') : undefined,
      name: form.get('name') || undefined,
    });
    const login = { accountId, amr: isStrong ? ['pwd', 'otp', 'mfa'] : ['pwd'], acr: isStrong ? 'two' : 'one' };
    return this.#oidc.interactionFinished(request, answer, { login }, merge);
  }

  /** What it is follows from its keys and its client; what it keeps rests in memory beside it. */
  #build() {
    const { issuer } = this;
    const port = this.#server.address().port;
    const prompts = interactionPolicy.base();
    prompts.get('login').checks.add(
      new Check('who', 'everybody is asked, each time', (ctx) =>
        ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
      ),
    );
    this.#oidc = new Provider(issuer, {
      adapter: keptIn(this.#kept),
      acrValues: ['one', 'two'],
      // Addresses and names stand in the ID token, as those of Google do.
      conformIdTokenClaims: false,
      claims: { openid: ['sub', 'acr', 'amr', 'auth_time'], email: ['email', 'email_verified'], profile: ['name'] },
      clients: [
        {
          client_id: clientId,
          client_secret: this.clientSecret,
          redirect_uris: this.#redirects.length ? this.#redirects : [`${issuer}/nowhere`],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
        },
      ],
      // Cookies know no ports: those of two providers on this machine must not meet.
      cookies: {
        keys: [createHash('sha256').update(issuer).digest('hex')],
        names: { session: `_session_${port}`, interaction: `_interaction_${port}`, resume: `_resume_${port}` },
      },
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
      findAccount: (_, sub) => ({ accountId: sub, claims: () => this.#accounts.get(sub) ?? { sub } }),
      interactions: { policy: prompts, url: (_, { uid }) => `/interaction/${uid}` },
      jwks: { keys: this.#keys.map(({ jwk }) => jwk) },
      loadExistingGrant: (ctx) => consented(ctx),
      pkce: { methods: ['S256'], required: () => true },
      renderError: (ctx, out, error) => {
        ctx.type = 'html';
        ctx.body = refusedPage(error);
      },
      ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    });
    this.#oidc.on('server_error', (_, error) => console.error(error));
  }
}

/** Whoever signs in here agrees to whatever is asked for. */
async function consented({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope(oidc.params.scope);
  await grant.save();
  return grant;
}

/** What the provider keeps, for as long as the tests run (its interface of adapters). */
function keptIn(all) {
  return class Kept {
    constructor(model) {
      this.key = (id) => `${model}:${id}`;
      this.first = (isIt) => [...all].find(([key, value]) => key.startsWith(`${model}:`) && isIt(value))?.[1];
    }

    async upsert(id, value) {
      all.set(this.key(id), value);
    }

    async find(id) {
      return all.get(this.key(id));
    }

    async findByUid(uid) {
      return this.first((value) => value.uid === uid);
    }

    async findByUserCode(userCode) {
      return this.first((value) => value.userCode === userCode);
    }

    async consume(id) {
      all.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
    }

    async destroy(id) {
      all.delete(this.key(id));
    }

    async revokeByGrantId(grantId) {
      for (const [key, value] of all) if (value.grantId === grantId) all.delete(key);
    }
  };
}

function newKey() {
  const { privateKey: own } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = randomBytes(8).toString('base64url');
  return { own, jwk: { ...own.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } };
}

