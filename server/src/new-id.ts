import { randomUUIDv7 } from 'node:crypto';

let millisecond = 0;
let counter = 0;

/**
 * A UUID of version 7 that sorts after every one this process made before, within a millisecond too: lists and the audit
 * log go by id, and Node's own are in no order inside a millisecond. 62 bits are random.
 */
export function newId(): string {
  const now = Date.now();
  if (now > millisecond) [millisecond, counter] = [now, 0];
  else if (++counter > 0xfff) [millisecond, counter] = [millisecond + 1, 0];
  const time = millisecond.toString(16).padStart(12, '0');
  const place = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${place}-${randomUUIDv7().slice(19)}`;
}
