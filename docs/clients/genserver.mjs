// Calls and casts to a genserverd: any number at a time, over one connection.
import net from 'node:net';
import tls from 'node:tls';

/** A request that failed. `executed` says whether the process saw it: no, maybe or yes. */
export class GenServerError extends Error {
  constructor({ code, message, executed, details = {} }) {
    super(`${code}: ${message}`);
    Object.assign(this, { code, executed, details });
  }
}

export class Client {
  #socket;
  #received = Buffer.alloc(0);
  #open = new Map(); // id to the call that waits for its answer
  #lastId = 0;

  constructor({ host = '127.0.0.1', port = 6470, ca, token } = {}) {
    this.#socket = ca ? tls.connect({ host, port, ca }) : net.connect({ host, port });
    this.#socket.setNoDelay(true).on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', (e) => this.#lost(e.message)).on('close', () => this.#lost('connection closed'));
    this.ready = token ? this.#ask({ op: 'hello', versions: [1], token }, 5000) : Promise.resolve();
    this.ready.catch(() => {}); // whoever calls is told
  }

  /** The reply of a process. */
  async call(to, msg, timeoutMs = 5000) {
    await this.ready;
    return (await this.#ask({ op: 'call', to, msg, timeout_ms: timeoutMs }, timeoutMs)).result;
  }

  /** Sends a message; nothing tells whether it arrived. */
  async cast(to, msg) {
    await this.ready;
    this.#send({ op: 'cast', to, msg });
  }

  /** Sends a message and waits until it is in the process's mailbox. */
  async castConfirmed(to, msg, timeoutMs = 5000) {
    await this.ready;
    await this.#ask({ op: 'cast', to, msg }, timeoutMs);
  }

  close() {
    this.#socket.end();
  }

  #ask(request, timeoutMs) {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(failure('unavailable', 'connection closed', 'no'));
      const giveUp = () => {
        this.#send({ op: 'cancel', id });
        this.#settle(id, () => reject(failure('timeout', 'the daemon says nothing', 'maybe')));
      };
      // The daemon's own timer should be faster.
      this.#open.set(id, { resolve, reject, timer: setTimeout(giveUp, timeoutMs + 1000) });
      this.#send({ id, ...request });
    });
  }

  #settle(id, how) {
    clearTimeout(this.#open.get(id).timer);
    this.#open.delete(id);
    how();
  }

  #send(message) {
    const json = Buffer.from(JSON.stringify(message));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(json.length);
    this.#socket.write(Buffer.concat([length, json]));
  }

  #read(bytes) {
    this.#received = Buffer.concat([this.#received, bytes]); // a frame comes in any number of parts
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readUInt32BE();
      if (this.#received.length < end) return;
      const answer = JSON.parse(this.#received.subarray(4, end));
      this.#received = this.#received.subarray(end);
      this.#take(answer);
    }
  }

  #take(answer) {
    const call = this.#open.get(answer.id);
    if (call && answer.op === 'error') {
      this.#settle(answer.id, () => call.reject(new GenServerError(answer.error)));
    } else if (call) {
      this.#settle(answer.id, () => call.resolve(answer));
    } else if (answer.op === 'ping') {
      this.#send({ op: 'ping' }); // a sign of life
    }
  }

  #lost(why) {
    for (const [id, { reject }] of this.#open) {
      this.#settle(id, () => reject(failure('unavailable', why, 'maybe')));
    }
  }
}

function failure(code, message, executed) {
  return new GenServerError({ code, message, executed });
}
