import { Socket } from 'node:net';

/** Messages to and from the executor: lines of JSON on the socket it handed over. */
export class Channel {
  #socket;
  #chunks = [];

  constructor(fd) {
    this.#socket = new Socket({ fd });
  }

  /** Calls back with each message. The channel keeps the process alive only while `listening`. */
  onMessage(callback) {
    this.#socket.on('data', (chunk) => {
      this.#chunks.push(chunk);
      if (chunk.at(-1) !== 10) return;
      const line = Buffer.concat(this.#chunks).toString();
      this.#chunks = [];
      callback(JSON.parse(line));
    });
  }

  send(message, sent = () => {}) {
    this.#socket.write(`${JSON.stringify(message)}\n`, sent);
  }

  set listening(value) {
    if (value) this.#socket.ref();
    else this.#socket.unref();
  }
}
