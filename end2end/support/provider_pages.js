// The pages of the providers in the tests: a form that asks who somebody is, and what went wrong.

/** The form of a provider. `params` are those of the authorization request. */
export function whoPage(name, params) {
  const field = (label, key, value = '') =>
    `<p><label>${label} <input name="${key}" value="${escaped(value)}"></label></p>`;
  const box = (label, key) => `<p><label><input type="checkbox" name="${key}"> ${label}</label></p>`;
  return document(`Sign in to ${name}`, `<form method="post">
    ${field('Subject', 'sub')}
    ${field('Address', 'email', params.login_hint)}
    ${box('The address is verified', 'email_verified')}
    ${field('Full name', 'name')}
    ${box('With a second factor', 'second_factor')}
    <p><button name="act" value="sign_in">Sign in</button> <button name="act" value="deny">Deny</button></p>
  </form>`);
}

/** What the provider itself refuses. */
export function refusedPage({ error, error_description: description, message }) {
  return document('The provider refuses', `<p>${escaped(`${error ?? 'error'}: ${description ?? message ?? ''}`)}</p>`);
}

export function html(answer, text, status = 200) {
  answer.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(text);
}

export function json(answer, value, { status = 200, ...headers } = {}) {
  answer.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers }).end(JSON.stringify(value));
}

/** The form that is posted. */
export async function formOf(request) {
  let text = '';
  for await (const part of request.setEncoding('utf8')) text += part;
  return new URLSearchParams(text);
}

// No icon is asked for: a browser would complain that there is none.
function document(title, body) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
    <link rel="icon" href="data:,"></head><body><h1>${escaped(title)}</h1>${body}</body></html>`;
}

function escaped(text = '') {
  return text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
