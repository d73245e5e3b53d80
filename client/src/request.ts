import type { AnyOptions } from './call.ts';
import { LatchkeyError, type LatchkeyErrorCode } from './error.ts';
import type { OperationShape } from './operation-shape.ts';

/** What is sent, the same at each attempt. */
export interface Request {
  method: OperationShape['method'];
  url: string;
  /** For messages: without the values, which may be personal. */
  title: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/**
 * One flat input becomes path, query and body. What no part is known for is sent too, for the server to refuse by name.
 * @throws LatchkeyError `missing_parameter` or `invalid_parameter` where the path needs a value that is not there, or cannot say it
 */
export function requestFor(shape: OperationShape, base: string, input: object, options: AnyOptions): Request {
  const values = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = shape.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(values, name));
  const query = new URLSearchParams();
  for (const [name, value] of values) {
    if (shape.body && !shape.query?.includes(name)) continue;
    query.append(name, String(value));
    values.delete(name);
  }
  return {
    method: shape.method,
    url: base + path + (`${query}` && `?${query}`),
    title: `${shape.method} ${shape.path}`,
    headers: headersFor(shape, options),
    body: shape.body && JSON.stringify(Object.fromEntries(values)),
  };
}

function segment(values: Map<string, unknown>, name: string): string {
  const value = values.get(name);
  values.delete(name);
  if (value === undefined || value === '') throw refused('missing_parameter', name, 'missing', `${name} is missing`);
  // A path cannot say these: dots are taken as steps, and half a character has no encoding.
  if (typeof value !== 'string' || /^\.\.?$|\p{Surrogate}/u.test(value))
    throw refused('invalid_parameter', name, 'invalid_format', `${name} cannot stand in a path`);
  return encodeURIComponent(value);
}

function refused(code: LatchkeyErrorCode, path: string, reason: string, message: string): LatchkeyError {
  return new LatchkeyError({ code, message, details: [{ path, reason, message }] });
}

function headersFor(shape: OperationShape, options: AnyOptions): Record<string, string> {
  const { idempotencyKey, ifMatch, revision } = options;
  if (idempotencyKey !== undefined && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey))
    throw new TypeError('idempotencyKey: 1 to 255 visible ASCII characters');
  if (ifMatch !== undefined && !(shape.conditional && /^[\x21-\x7e]+$/.test(ifMatch)))
    throw new TypeError(`${shape.path} takes no such ifMatch`);
  return {
    accept: 'application/json',
    ...(shape.body && { 'content-type': 'application/json' }),
    ...(shape.once && { 'idempotency-key': idempotencyKey ?? newIdempotencyKey() }),
    ...(ifMatch !== undefined && { 'if-match': ifMatch }),
    ...(revision !== undefined && { 'latchkey-revision': String(revision) }),
  };
}

/** 128 random bits. `randomUUID` would be shorter, but browsers have it on secure pages only. */
function newIdempotencyKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
