// A server that answers as GitHub's documentation says (Authorizing OAuth apps; REST API, users and emails): no ID token,
// an address from the API, and refusals of the token endpoint with status 200.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

import { formOf, html, json, refusedPage, whoPage } from './provider_pages.js';

export class GitHubServer {
  #server;
  #redirect = '';
  #codes = new Map();
  #people = new Map();

  /** The refusal that the token endpoint answers with, status 200; none: it works. */
  refusal = undefined;
  /** What `/user/emails` answers instead: `{ status, body }`. */
  emailsAnswer = undefined;

  constructor(id = 'github', name = 'GitHub') {
    Object.assign(this, { id, name, clientId: 'Iv1.keywright', clientSecret: randomBytes(20).toString('hex') });
  }

  static async start() {
    const hub = new GitHubServer();
    hub.#server = createServer((request, answer) => {
      hub.#answer(request, answer).catch((error) => html(answer, refusedPage(error), 500));
    });
    await once(hub.#server.listen(0, '127.0.0.1'), 'listening');
    return hub;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  leadBackTo(address) {
    this.#redirect = address;
  }

  /** The table of the settings. */
  settings(more = {}) {
    const { id, name, url, clientId, clientSecret } = this;
    const api = `${url}/api`;
    return { kind: 'github', id, name, site: url, api, client_id: clientId, client_secret: clientSecret, trust_email: true, ...more };
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request, answer) {
    const url = new URL(request.url, this.url);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /login/oauth/authorize':
        return html(answer, whoPage(this.name, {}));
      case 'POST /login/oauth/authorize':
        return this.#authorize(url.searchParams, await formOf(request), answer);
      case 'POST /login/oauth/access_token':
        return this.#exchange(await formOf(request), request.headers, answer);
      case 'GET /api/user':
        return this.#api(request, answer, ({ id, name }) => ({ login: `person-${id}`, id, name, email: null }));
      case 'GET /api/user/emails':
        if (this.emailsAnswer) return json(answer, this.emailsAnswer.body, { status: this.emailsAnswer.status });
        return this.#api(request, answer, emailsOf);
      default:
        return json(answer, { message: 'Not Found', status: '404' }, { status: 404 });
    }
  }

  #authorize(asked, form, answer) {
    const back = new URL(asked.get('redirect_uri') ?? this.#redirect);
    if (back.href !== this.#redirect || asked.get('client_id') !== this.clientId) {
      return html(answer, refusedPage({ error: 'redirect_uri_mismatch' }), 400);
    }
    if (form.get('act') === 'deny') {
      back.searchParams.set('error', 'access_denied');
      back.searchParams.set('error_description', 'The user has denied your application access.');
    } else {
      const code = randomBytes(10).toString('hex');
      this.#codes.set(code, { challenge: asked.get('code_challenge'), person: personOf(form) });
      back.searchParams.set('code', code);
    }
    back.searchParams.set('state', asked.get('state'));
    return answer.writeHead(302, { location: back.href }).end();
  }

  #exchange(form, { accept = '', authorization }, answer) {
    const waiting = this.#codes.get(form.get('code'));
    this.#codes.delete(form.get('code'));
    const verifier = form.get('code_verifier') ?? '';
    const isProved = waiting?.challenge === createHash('sha256').update(verifier).digest('base64url');
    const said = {
      bad_verification_code: !waiting || !isProved,
      incorrect_client_credentials: !this.#knows(form, authorization),
    };
    const refusal = this.refusal ?? Object.keys(said).find((error) => said[error]);
    if (!accept.includes('json')) {
      return answer.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' }).end('error=no_json_was_asked_for');
    }
    // As GitHub does: a refusal has the status 200.
    if (refusal) {
      return json(answer, { error: refusal, error_description: 'Refused.', error_uri: 'https://docs.github.com/apps' });
    }
    const token = `gho_${randomBytes(18).toString('hex')}`;
    this.#people.set(token, waiting.person);
    return json(answer, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
  }

  #knows(form, authorization = '') {
    const basic = Buffer.from(authorization.replace(/^Basic /i, ''), 'base64').toString().split(':').map(decodeURIComponent);
    const [id, secret] = authorization ? basic : [form.get('client_id'), form.get('client_secret')];
    return id === this.clientId && secret === this.clientSecret;
  }

  #api(request, answer, view) {
    // GitHub refuses whoever does not say who asks.
    if (!request.headers['user-agent']) return json(answer, { message: 'User-Agent is missing' }, { status: 403 });
    const person = this.#people.get((request.headers.authorization ?? '').replace(/^(?:Bearer|token) /i, ''));
    if (!person) return json(answer, { message: 'Bad credentials', status: '401' }, { status: 401 });
    return json(answer, view(person));
  }
}

/** GitHub's subjects are numbers. */
function personOf(form) {
  const [email, isVerified] = [form.get('email'), form.has('email_verified')];
  return { id: Number(form.get('sub')), name: form.get('name') || null, email, isVerified };
}

/** The address that counts is the primary one, and stands last here. */
function emailsOf({ id, email, isVerified }) {
  const other = { email: `${id}+person@users.noreply.github.com`, primary: false, verified: true, visibility: null };
  return email ? [other, { email, primary: true, verified: isVerified, visibility: 'private' }] : [];
}
