// A certificate authority that lives as long as the tests: its key rests in no repository, on no disk.
import selfsigned from 'selfsigned';

const day = 86_400_000;

export class Authority {
  #own;

  constructor(name, own) {
    this.name = name;
    this.#own = own;
  }

  static async found(name) {
    const extensions = [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ];
    return new Authority(name, await generate(name, { extensions }));
  }

  /** Its own certificate, for those who are to trust it. */
  get pem() {
    return this.#own.cert;
  }

  /** Key and certificate of a server: an authority's own certificate is refused at the end of a chain. */
  async issue({ host = 'localhost', daysLeft = 1 } = {}) {
    const extensions = [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: host }] },
    ];
    const ca = { key: this.#own.private, cert: this.#own.cert };
    const { private: key, cert } = await generate(host, { extensions, ca, daysLeft });
    return { key, cert };
  }
}

function generate(commonName, { daysLeft = 1, ...options }) {
  const now = Date.now();
  return selfsigned.generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - 30 * day),
    notAfterDate: new Date(now + daysLeft * day),
    ...options,
  });
}
