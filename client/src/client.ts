import { Access } from './access.ts';
import { type AnyOptions, Call, type CallOptions } from './call.ts';
import type { OperationShape } from './operation-shape.ts';
import { type ActivityFilter, type OperationName, Operations, operations } from './operations.ts';
import { requestFor } from './request.ts';
import { openStream, send, type Transport } from './send.ts';

/** Which activities, and in which form: `csv` where absent. */
export interface ActivityExport extends Omit<ActivityFilter, 'pageSize'> {
  format?: 'csv' | 'ndjson' | undefined;
}

interface Common {
  /** Where the server is, `https://access.example.com`; with or without `/v3`. */
  url: string;
  /** Milliseconds for a call with all its repetitions; 30,000 where absent. */
  timeout?: number | undefined;
  /** How often a request is repeated at most; 3 where absent. */
  retries?: number | undefined;
  /** Another `fetch` than the one that is everywhere. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
}

interface ApiKey {
  apiKey: string;
  partnerKey?: undefined;
  organizationId?: undefined;
  session?: undefined;
}

interface PartnerKey {
  partnerKey: string;
  /** The organization to act in, for all but the partner's own operations. */
  organizationId?: string | undefined;
  apiKey?: undefined;
  session?: undefined;
}

/** For pages that the server itself serves: the browser's cookie says who asks, and no code ever sees it. */
interface Session {
  session: true;
  /** The organization to act in, for all but what belongs to the person: their session, their passkeys. */
  organizationId?: string | undefined;
  apiKey?: undefined;
  partnerKey?: undefined;
}

/** Without a key, only what needs none can be called: looking at invitations and answering them. */
interface NoKey {
  apiKey?: undefined;
  partnerKey?: undefined;
  organizationId?: undefined;
  session?: undefined;
}

export type LatchkeySettings = Common & (ApiKey | PartnerKey | Session | NoKey);

/**
 * A Latchkey server's API: every operation as a method, lists also one by one.
 *
 * Requests are repeated on broken connections and on 408, 429, 500, 502, 503 and 504, waiting as long as `Retry-After`
 * says or twice as long each time, all within the call's time. That is safe: reading changes nothing, a POST carries an
 * Idempotency-Key that is the same at each attempt, and the server lets a PUT be repeated without a second effect.
 */
export class Latchkey extends Operations {
  /** May they? */
  readonly access: Access;
  readonly #base: string;
  readonly #transport: Transport;

  /** @throws TypeError for settings that cannot work; its message never holds the key */
  constructor(settings: LatchkeySettings) {
    super();
    const { url, timeout = 30_000, retries = 3, fetch: ownFetch } = settings;
    if (!(timeout > 0)) throw new TypeError('timeout: milliseconds, above 0');
    if (!(retries >= 0)) throw new TypeError('retries: 0 or more');
    this.#base = baseOf(url);
    this.#transport = {
      // Called where it belongs: browsers refuse a fetch that was taken off its window.
      fetch: ownFetch ?? ((address, init) => globalThis.fetch(address, init)),
      timeout,
      retries,
      credential: credentialOf(settings),
      ...(settings.session && { credentials: 'same-origin' }),
    };
    this.access = new Access(this, (path, signal) => openStream(this.#transport, this.#base + path, path, signal));
  }

  /**
   * The audit log as a file, newest first, to be saved or gone through while it arrives. It is asked for once and not
   * repeated; should the connection break on the way, reading it fails.
   * @throws LatchkeyError
   */
  async exportActivities(
    filter: ActivityExport = {},
    { signal = new AbortController().signal }: { signal?: AbortSignal } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const given = Object.entries(filter).filter(([, value]) => value !== undefined);
    const path = `/v3/organization/activities/export?${new URLSearchParams(given)}`;
    return openStream(this.#transport, this.#base + path, path, signal);
  }

  protected override send<Reply>(name: OperationName, input: object = {}, options: AnyOptions = {}): Call<Reply> {
    return new Call(this.#answer<Reply>(name, input, options));
  }

  protected override async *iterate<Item>(
    name: OperationName,
    filter: { pageSize?: number | undefined } = {},
    options: CallOptions = {},
  ): AsyncGenerator<Item, void> {
    const { pageSize = 100, ...others } = filter;
    const list = (operations[name] as OperationShape).list ?? '';
    let cursor: string | undefined;
    do {
      const input = { ...others, limit: pageSize, cursor };
      const page = await this.send<Record<string, Item[]> & { cursor?: string }>(name, input, options);
      yield* page[list] ?? [];
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  // Async, so that a mistake in the input rejects like everything else.
  async #answer<Reply>(name: OperationName, input: object, options: AnyOptions) {
    return send<Reply>(this.#transport, requestFor(operations[name], this.#base, input, options), options);
  }
}

function baseOf(url: string): string {
  const { protocol, origin, pathname, username, password, search, hash } = parsed(url);
  if (!/^https?:$/.test(protocol)) throw new TypeError('url: an address like https://access.example.com');
  if (username || password || search || hash) throw new TypeError('url: without name, password, query or fragment');
  return `${origin}${pathname}`.replace(/\/+$/, '').replace(/\/v3$/, '');
}

function parsed(url: string): URL {
  try {
    return new URL(url);
  } catch {
    // Without the platform's own error, which repeats what was given.
    throw new TypeError('url: an address like https://access.example.com');
  }
}

function credentialOf(settings: LatchkeySettings): Record<string, string> {
  const credential: Record<string, string> = {};
  for (const [name, header] of Object.entries(credentialHeaders)) {
    if (!Object.hasOwn(settings, name)) continue;
    const value: unknown = settings[name as keyof typeof credentialHeaders];
    // What cannot stand in a header would be repeated in the platform's own error; and a key that is undefined was forgotten.
    if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value))
      throw new TypeError(`${name}: a text of visible ASCII characters`);
    credential[header] = value;
  }
  if (settings.session) credential['latchkey-session'] = '1';
  if (['api-key', 'partner-key', 'latchkey-session'].filter((header) => credential[header]).length > 1)
    throw new TypeError('either apiKey, partnerKey or session, not several');
  return credential;
}

const credentialHeaders = { apiKey: 'api-key', partnerKey: 'partner-key', organizationId: 'organization-id' } as const;
