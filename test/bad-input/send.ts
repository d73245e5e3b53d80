import { targetOf } from '../access/request.ts';
import { textOf } from '../client.ts';
import type { World } from '../world.ts';
import type { Refused } from './refusal.ts';
import type { ValidRequest } from './valid-requests.ts';

/** A request's parts as they go out: what is changed of a valid one replaces that part. */
export interface Changed {
  params?: Record<string, string>;
  /** Name to value, or pairs where a name stands twice. */
  query?: Record<string, string> | [string, string][];
  headers?: Record<string, string>;
  /** As it is; undefined for the valid body. */
  text?: string | Uint8Array<ArrayBuffer>;
}

/** Sends a valid request, changed in part. */
export async function send(world: World, request: ValidRequest, changed: Changed = {}): Promise<Refused> {
  const { operation, credential, body } = request;
  const params = changed.params ?? request.params;
  const path = targetOf(operation).replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const query = new URLSearchParams(changed.query ?? request.query).toString();
  const text = changed.text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${world.base}${path}${query && `?${query}`}`, {
    method: operation.method,
    headers: { ...credential, ...(text !== undefined && { 'content-type': 'application/json' }), ...changed.headers },
    ...(text !== undefined && { body: text }),
  });
  return { status: response.status, headers: response.headers, text: await textOf(response) };
}

/** Runs the work for each of many, a few at a time. */
export async function forEach<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}
