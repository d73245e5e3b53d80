import { problem } from '@latchkey/core/problem.ts';

/** A page's cursor: opaque to callers, and only good for the list and order that gave it. */
export const writeCursor = (list: string, position: readonly string[]): string =>
  Buffer.from(JSON.stringify([list, ...position])).toString('base64url');

/** @throws Problem `invalid_parameter`, reason `invalid_cursor` */
export function readCursor(list: string, parts: number, cursor: string): string[] {
  try {
    const [of, ...position]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      of === list &&
      position.length === parts &&
      position.every((part) => typeof part === 'string' && !part.includes('\0'))
    )
      return position as string[];
  } catch {
    // Whatever it was, it is not a cursor of ours.
  }
  throw problem(
    'invalid_parameter',
    'cursor',
    'invalid_cursor',
    'This is not a cursor of this list in this order; begin again without it.',
  );
}

/** @throws Problem `out_of_range` */
export function readLimit(limit: string | undefined, standard: number, maximum: number): number {
  const value = limit === undefined ? standard : Number(limit);
  if (value <= maximum) return value;
  throw problem('out_of_range', 'limit', 'out_of_range', `limit is at most ${maximum}`);
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id in a cursor of a list that goes by id. */
export function readIdCursor(list: string, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const [id = ''] = readCursor(list, 1, cursor);
  if (!uuid.test(id))
    throw problem(
      'invalid_parameter',
      'cursor',
      'invalid_cursor',
      'This is not a cursor of this list; begin again without it.',
    );
  return id;
}
