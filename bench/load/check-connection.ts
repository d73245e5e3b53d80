import { RawConnection } from './raw-connection.ts';

/** One connection that asks one access check after another. */
export class CheckConnection {
  readonly #raw: RawConnection;
  readonly #port: number;
  readonly #apiKey: string;

  private constructor(raw: RawConnection, port: number, apiKey: string) {
    this.#raw = raw;
    this.#port = port;
    this.#apiKey = apiKey;
  }

  static open(port: number, apiKey: string): Promise<CheckConnection> {
    return new Promise((resolve, reject) => {
      const raw = new RawConnection(port, () => resolve(new CheckConnection(raw, port, apiKey)), reject);
    });
  }

  /** @returns the decision, and the status where there is none */
  ask(member: string, feature: string, permission: string, revision?: string): Promise<boolean | number> {
    const body = JSON.stringify({
      subject: { type: 'user', id: member },
      action: { name: permission },
      resource: { type: 'feature', id: feature },
    });
    const head = [
      'POST /access/v1/evaluation HTTP/1.1',
      `host: 127.0.0.1:${this.#port}`,
      `api-key: ${this.#apiKey}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
      ...(revision === undefined ? [] : [`latchkey-revision: ${revision}`]),
    ];
    return new Promise((resolve) =>
      this.#raw.send(`${head.join('\r\n')}\r\n\r\n${body}`, (status, _bytes, piece) =>
        resolve(status === 200 ? piece.includes('"decision":true') : status),
      ),
    );
  }

  close(): void {
    this.#raw.close();
  }
}
