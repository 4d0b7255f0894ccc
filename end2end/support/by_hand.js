// The way to a provider and back, gone by a program that follows no redirect by itself: so a test can hold the answer in its
// hands before anybody shows it.

/** Cookies and redirects, one step at a time. */
class Hand {
  #cookies = new Map();

  async go(address, options = {}) {
    const { host } = new URL(address);
    const own = [...this.#cookies].filter(([key]) => key.startsWith(`${host} `));
    const cookie = own.map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');
    const answer = await fetch(address, { redirect: 'manual', ...options, headers: { accept: 'text/html', cookie } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      this.#cookies.set(`${host} ${name}`, value);
    }
    const to = answer.headers.get('location');
    return { answer, to: to && new URL(to, address).href };
  }
}

/**
 * Goes from Keywright to an OpenID provider as `person` there. Returns the address that the provider leads back to, the
 * authorization request, and what shows the answer at a URL in the same browser.
 */
export async function wayTo(server, provider, person, { verified = true } = {}) {
  const hand = new Hand();
  const { to: request } = await hand.go(`${server.url}/sign-in/with/${provider.id}`);
  const { to: form } = await hand.go(request);
  const fields = { act: 'sign_in', sub: person.sub, email: person.email, name: person.name };
  const body = new URLSearchParams(verified ? { ...fields, email_verified: 'on' } : fields);
  const { to: resumed } = await hand.go(form, { method: 'POST', body });
  const { to: answer } = await hand.go(resumed);
  return { request, answer, show: (address = answer) => hand.go(address) };
}

/** The path, and the code of ours that says why, of where a refused answer leads. */
export function refusedAt(to) {
  const { pathname, searchParams } = new URL(to);
  return [pathname, searchParams.get('code')];
}
