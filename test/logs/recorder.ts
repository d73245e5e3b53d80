import type { Answer } from '../client.ts';

/** What must be said to nobody but whom it is for, by what it is. */
export type Secrets = Map<string, string>;

export interface Exchange {
  asked: string;
  status: number;
  /** Body and headers as they came. */
  reply: string;
}

export interface Recorder {
  exchanges: Exchange[];
  /** Sends a request and keeps what was answered. */
  ask(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
}

/** Talks to the server and keeps every answer whole. @param base without /v3 */
export function recorder(base: string, credential: Record<string, string>): Recorder {
  const exchanges: Exchange[] = [];
  return {
    exchanges,
    async ask(method, path, { body, headers = {} } = {}) {
      const response = await fetch(base + path, {
        method,
        redirect: 'manual',
        headers: { ...credential, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const reply = `${[...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${text}`;
      exchanges.push({ asked: `${method} ${path}`, status: response.status, reply });
      const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
      return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
    },
  };
}

/** Which secrets a text contains, also where it contains them in another writing. */
export function secretsIn(text: string, secrets: Secrets): string[] {
  return [...secrets].flatMap(([what, secret]) =>
    writings(secret).some((writing) => text.includes(writing)) ? [what] : [],
  );
}

const writings = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  Buffer.from(secret).toString('hex'),
];
