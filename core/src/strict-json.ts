import { Problem, type ProblemDetail } from './problem.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const maximumDepth = 32;

/**
 * Reads a JSON body strictly: UTF-8, no name twice, nothing that PostgreSQL or a mail cannot carry. An empty body is
 * undefined.
 * @throws Problem `bad_request`, with a reason and the place
 */
export function readJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = decode(bytes);
  if (text.trim() === '') return undefined;
  const value = parse(text);
  if (isPlain(bytes, value)) return value;
  refuseUnstorable(value);
  refuseDuplicateNames(text);
  return value;
}

/**
 * Whether there is certainly nothing to refuse, found without looking at every text by itself: JSON can write NUL and half of a
 * surrogate pair only as an escape, and where no name stands twice as many names were written as the value has. What is not
 * plain is not wrong yet.
 * @param bytes what the value was parsed from
 */
function isPlain(bytes: Buffer, value: unknown): boolean {
  let names = 0;
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case code.quote:
        at = endOfPlainText(bytes, at);
        if (at < 0) return false;
        break;
      case code.colon:
        names++;
        break;
      case code.openBrace:
      case code.openBracket:
        if (++depth > maximumDepth) return false;
        break;
      case code.closeBrace:
      case code.closeBracket:
        depth--;
        break;
    }
  }
  return names === namesIn(value);
}

const code = {
  quote: 0x22,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  u: 0x75,
  openBrace: 0x7b,
  closeBrace: 0x7d,
} as const;

/** Where the closing quote stands; -1 for a text with a numeric escape. */
function endOfPlainText(bytes: Buffer, start: number): number {
  for (let at = start + 1; ; at++) {
    const byte = bytes[at];
    if (byte === code.quote) return at;
    if (byte === code.backslash && bytes[++at] === code.u) return -1;
  }
}

function namesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let names = 0;
  if (Array.isArray(value)) for (const item of value) names += namesIn(item);
  else for (const name in value) names += 1 + namesIn((value as Record<string, unknown>)[name]);
  return names;
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw unreadable({ path: 'body', reason: 'not_utf8', message: 'The body is not UTF-8.' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser quotes what it met; only its position is told, so that nothing of a body ends up in an answer or log.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    throw unreadable({
      path: 'body',
      reason: 'not_json',
      message: `The body is not JSON${position ? `: see position ${position}` : ''}.`,
    });
  }
}

/** Deep nesting, NUL characters and lone surrogates: valid JSON, but nothing we take means any of them. */
function refuseUnstorable(root: unknown): void {
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value: root, path: '', depth: 0 }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string') refuseUnstorableText(value, path);
    if (typeof value !== 'object' || value === null) continue;
    if (depth === maximumDepth)
      throw unreadable({
        path: path.slice(0, 100),
        reason: 'too_deep',
        message: `The body is nested more than ${maximumDepth} deep.`,
      });
    for (const [name, item] of Object.entries(value)) {
      refuseUnstorableText(name, path);
      const place = Array.isArray(value) ? `${path}[${name}]` : path ? `${path}.${name}` : name;
      waiting.push({ value: item, path: place, depth: depth + 1 });
    }
  }
}

export function refuseUnstorableText(text: string, path: string): void {
  if (text.includes('\0'))
    throw unreadable({ path: shownPath(path), reason: 'nul_character', message: 'A text contains the NUL character.' });
  if (!text.isWellFormed())
    throw unreadable({
      path: shownPath(path),
      reason: 'lone_surrogate',
      message: 'A text contains half of a surrogate pair.',
    });
}

const shownPath = (path: string): string => path.slice(0, 100).toWellFormed().replaceAll('\0', '') || 'body';

/**
 * JSON.parse keeps the last of two equal names, so a reader before us may have seen another value: refused.
 * @param text JSON, known to be well-formed
 * @throws Problem `bad_request`, reason `duplicate_name`
 */
export function refuseDuplicateNames(text: string): void {
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{') open.push(new Set());
    else if (character === '[') open.push(null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isName(text, end)) {
        const name: string = JSON.parse(text.slice(at, end + 1));
        if (names.has(name))
          throw unreadable({
            path: name.slice(0, 100),
            reason: 'duplicate_name',
            message: 'A name stands twice in one object.',
          });
        names.add(name);
      }
      at = end;
    }
  }
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function isName(text: string, endOfString: number): boolean {
  let at = endOfString + 1;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return text[at] === ':';
}

const unreadable = (detail: ProblemDetail): Problem => new Problem('bad_request', detail.message, [detail]);
