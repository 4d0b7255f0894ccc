// The messages of a way to a provider as a document shows them: as they were, with one-time secrets shortened, ports that
// are easy to read, and long addresses in several lines.
import { readFile, writeFile } from 'node:fs/promises';

/** What is good once or opens something: its first letters are enough. */
const secretParameters = ['state', 'nonce', 'code', 'code_challenge', 'code_verifier'];
const shownOfRequest = ['host', 'accept', 'authorization', 'content-type', 'cookie', 'sec-fetch-site'];
const shownOfAnswer = ['location', 'set-cookie', 'content-type', 'cache-control'];
const reasons = { 200: 'OK', 302: 'Found', 303: 'See Other' };

/** A request and its answer, of a browser: what Playwright saw. */
export async function browserExchange(request) {
  const [answer, headers] = [await request.response(), await request.allHeaders()];
  const { host, pathname, search } = new URL(request.url());
  const asked = shown({ ...headers, host }, shownOfRequest.filter((name) => !['accept', 'content-type'].includes(name)));
  const got = (await answer.headersArray()).filter(({ name, value }) => {
    // The cookies of the provider are its own business.
    const isOurs = name.toLowerCase() === 'set-cookie' && value.startsWith('__Host-');
    return isOurs || name.toLowerCase() === 'location';
  });
  return [
    [`${request.method()} ${folded(pathname + search)} HTTP/1.1`, ...asked].join('\n'),
    [statusLine(answer.status()), ...got.map(({ name, value }) => header(name, value))].join('\n'),
  ].join('\n\n');
}

/** A request and its answer, between programs: what the provider saw. */
export function programExchange({ request, answer }) {
  const body = [...new URLSearchParams(request.body)].map(([name, value]) => parameter(name, encodeURIComponent(value)));
  const said = JSON.parse(answer.body);
  for (const name of ['access_token', 'id_token', 'refresh_token']) if (said[name]) said[name] = short(said[name]);
  return [
    [`${request.line} HTTP/1.1`, ...shown(request.headers, shownOfRequest)].join('\n'),
    body.join('\n&'),
    [statusLine(answer.status), ...shown(answer.headers, shownOfAnswer)].join('\n'),
    JSON.stringify(said, null, 2),
  ].join('\n\n');
}

/** The header and the payload of an ID token. */
export function decodedToken(token) {
  const [head, body] = token.split('.');
  return [head, body]
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
    .map((part) => JSON.stringify({ ...part, ...(part.nonce && { nonce: short(part.nonce) }) }, null, 2))
    .join('\n\n');
}

/** What of a document of discovery is used here. */
export function discovered(document) {
  const used = [
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'code_challenge_methods_supported',
    'id_token_signing_alg_values_supported',
    'token_endpoint_auth_methods_supported',
    'authorization_response_iss_parameter_supported',
  ];
  return JSON.stringify(Object.fromEntries(used.map((name) => [name, document[name]])), null, 2);
}

/** The same with the ports that the document uses. `hosts` are pairs: as it was, as it is shown. */
export function withHosts(text, hosts) {
  const all = hosts.flatMap(([was, is]) => [[was, is], [encodeURIComponent(was), encodeURIComponent(is)]]);
  return all.reduce((changed, [was, is]) => changed.replaceAll(was, is), text);
}

/** The text without what differs from run to run. */
export function shape(text) {
  return text
    .replace(/[\w+/=-]{1,6}…/g, '‹random›')
    .replace(/\b\d{10}\b/g, '‹time›')
    .replace(/"(kid|at_hash)": "[^"]+"/g, '"$1": "‹random›"');
}

/** A document whose blocks have names: `<!-- message: NAME -->` stands before each. */
export class ExplainedDocument {
  constructor(path, text) {
    Object.assign(this, { path, text });
  }

  static async read(path) {
    return new ExplainedDocument(path, await readFile(path, 'utf8'));
  }

  get names() {
    return [...this.text.matchAll(/<!-- message: (\w+) -->/g)].map(([, name]) => name);
  }

  /** What the block of this name holds. */
  block(name) {
    return this.#pattern(name).exec(this.text)?.[2];
  }

  replace(name, text) {
    this.text = this.text.replace(this.#pattern(name), (_, start, __, end) => start + text + end);
  }

  async write() {
    await writeFile(this.path, this.text);
  }

  #pattern(name) {
    return new RegExp(`(<!-- message: ${name} -->\\n\`\`\`\\w*\\n)([\\s\\S]*?)(\\n\`\`\`)`);
  }
}

function statusLine(status) {
  return `HTTP/1.1 ${status} ${reasons[status] ?? ''}`.trim();
}

function shown(headers, names) {
  return names.filter((name) => headers[name]).map((name) => header(name, String(headers[name])));
}

function header(name, value) {
  const title = name.replace(/(^|-)\w/g, (letter) => letter.toUpperCase());
  switch (title) {
    case 'Cookie':
    case 'Set-Cookie':
      return `${title}: ${value.replace(/(__Host-[\w-]+|_\w+)=([^;\s]+)/g, (_, key, secret) => `${key}=${short(secret)}`)}`;
    case 'Authorization':
      return `${title}: ${value.replace(/ (.+)/, (_, secret) => ` ${short(secret)}`)}`;
    case 'Location':
      return `${title}: ${folded(value)}`;
    default:
      return `${title}: ${value}`;
  }
}

/** An address with one parameter a line. */
function folded(address) {
  const [whole, query] = address.split('?');
  const path = whole.replace(/(\/interaction\/)(.+)/, (_, start, id) => start + short(id));
  if (!query) return path;
  const parameters = query.split('&').map((pair) => parameter(...pair.split('=')));
  return `${path}\n  ?${parameters.join('\n  &')}`;
}

function parameter(name, value = '') {
  return `${name}=${secretParameters.includes(name) ? short(value) : value}`;
}

function short(secret) {
  return `${secret.slice(0, 6)}…`;
}
