// What went over the wire to an endpoint and back, seen where it arrives.

export class Messages {
  #all = [];

  /** Listens to an exchange without taking anything from who answers it. */
  record(request, answer) {
    const exchange = { request: { line: `${request.method} ${request.url}`, headers: request.headers, body: '' }, answer: { body: '' } };
    this.#all.push(exchange);
    const emit = request.emit;
    request.emit = function heard(event, part, ...more) {
      if (event === 'data') exchange.request.body += part;
      return emit.call(this, event, part, ...more);
    };
    for (const name of ['write', 'end']) {
      const send = answer[name];
      answer[name] = function sent(part, ...more) {
        if (typeof part === 'string' || Buffer.isBuffer(part)) exchange.answer.body += part;
        if (name === 'end') Object.assign(exchange.answer, { status: this.statusCode, headers: this.getHeaders() });
        return send.call(this, part, ...more);
      };
    }
  }

  /** The newest exchange. */
  get last() {
    return this.#all.at(-1);
  }

  get count() {
    return this.#all.length;
  }
}
