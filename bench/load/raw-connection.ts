import { connect, type Socket } from 'node:net';

/** Called once for each reply that has arrived whole; `body` is its last piece, which is all of it for a short reply. */
export type OnReply = (status: number, bytes: number, lastPiece: Buffer) => void;

/**
 * One keep-alive HTTP/1.1 connection that sends prepared text and only looks for where a reply ends.
 * An HTTP client library would take its share of the two cores that the server and the database are measured on.
 */
export class RawConnection {
  #socket: Socket;
  #onReply: OnReply = () => {};
  #head: Buffer | undefined;
  #status = 0;
  #bytes = 0;
  #missing = 0;
  #chunked = false;
  #lastFive = '';

  constructor(port: number, onOpen: () => void, onBroken: (reason: Error) => void) {
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true }, onOpen);
    this.#socket.on('data', (piece: Buffer) => this.#read(piece));
    this.#socket.on('error', onBroken);
    this.#socket.on('end', () => onBroken(new Error('the server closed the connection')));
  }

  send(request: string, onReply: OnReply): void {
    this.#onReply = onReply;
    this.#socket.write(request, 'latin1');
  }

  close(): void {
    this.#socket.removeAllListeners('end');
    this.#socket.destroy();
  }

  #read(piece: Buffer): void {
    if (this.#status !== 0) {
      this.#readBody(piece);
      return;
    }
    const received = this.#head ? Buffer.concat([this.#head, piece]) : piece;
    const end = received.indexOf('\r\n\r\n');
    if (end === -1) {
      this.#head = received;
      return;
    }
    this.#head = undefined;
    const head = received.toString('latin1', 0, end + 2).toLowerCase();
    this.#status = Number(head.slice(9, 12));
    this.#bytes = end + 4;
    this.#chunked = head.includes('\r\ntransfer-encoding: chunked\r\n');
    this.#lastFive = '';
    const length = head.indexOf('\r\ncontent-length: ');
    this.#missing = length === -1 ? 0 : Number.parseInt(head.slice(length + 18), 10);
    this.#readBody(received.subarray(end + 4));
  }

  #readBody(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#chunked) {
      // Our bodies are JSON on one line, so the mark of the last chunk cannot occur inside one.
      this.#lastFive = (this.#lastFive + piece.toString('latin1', Math.max(0, piece.length - 5))).slice(-5);
      if (this.#lastFive !== '0\r\n\r\n') return;
    } else {
      this.#missing -= piece.length;
      if (this.#missing > 0) return;
    }
    const status = this.#status;
    this.#status = 0;
    this.#onReply(status, this.#bytes, piece);
  }
}
