// What a provider answers to browsers that ask by themselves (W3C Federated Credential Management): who may ask, who is
// signed in, and an ID token for the account that was chosen.
import { formOf, json } from './provider_pages.js';

const config = '/fedcm/config.json';

/** Where the settings say that the file for browsers is. */
export function fedCmConfigUrl(provider) {
  return provider.issuer + config;
}

/** Answers what belongs to FedCM; says whether it did. */
export async function fedCm(provider, path, request, answer) {
  const { issuer } = provider;
  if (path === '/.well-known/web-identity') {
    json(answer, { provider_urls: [issuer + config] });
  } else if (path === config) {
    const at = (name) => `${issuer}/fedcm/${name}`;
    json(answer, { accounts_endpoint: at('accounts'), id_assertion_endpoint: at('assertion'), login_url: at('login') });
  } else if (path === '/fedcm/login') {
    answer.writeHead(200, { 'set-login': 'logged-in', 'content-type': 'text/plain' }).end('Signed in.');
  } else if (request.headers['sec-fetch-dest'] !== 'webidentity') {
    // No page may ask for what follows, only the browser itself.
    if (!path.startsWith('/fedcm/')) return false;
    json(answer, { error: 'only for browsers' }, { status: 400 });
  } else if (path === '/fedcm/accounts') {
    const { sub: id, name, email } = provider.signedIn ?? {};
    if (id) json(answer, { accounts: [{ id, name, email, approved_clients: [provider.clientId] }] });
    else json(answer, {}, { status: 401 });
  } else if (path === '/fedcm/assertion') {
    const form = await formOf(request);
    // Younger browsers put the nonce among the parameters.
    const nonce = form.get('nonce') ?? JSON.parse(form.get('params') ?? '{}').nonce;
    const isOurs = form.get('client_id') === provider.clientId && form.get('account_id') === provider.signedIn?.sub;
    const cors = { 'access-control-allow-origin': request.headers.origin, 'access-control-allow-credentials': 'true' };
    if (isOurs) json(answer, { token: provider.idToken(form.get('account_id'), provider.otherNonce ?? nonce) }, cors);
    else json(answer, { error: { code: 'access_denied' } }, { status: 403, ...cors });
  } else {
    return false;
  }
  return true;
}
