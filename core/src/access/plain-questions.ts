import type { Evaluation } from './evaluation.ts';

/**
 * Questions read straight from their bytes, without making a value of them first: what a product asks all day looks the same
 * every time. Understood are whole questions of subject, action and resource with nothing else beside them, in ASCII without
 * escapes. Everything else, and everything wrong, is left to whoever reads JSON, and means there what it means here.
 */

/** @returns undefined for a body that is not of the plain form */
export function readPlainQuestion(body: Buffer): Evaluation | undefined {
  return new PlainReader(body).readOne();
}

/** Those under `evaluations`, completed by what stands at the top. @returns undefined for a body that is not of the plain form */
export function readPlainQuestions(body: Buffer, atMost: number): Evaluation[] | undefined {
  return new PlainReader(body).readMany(atMost);
}

const longest = 1000;
const longestKept = 40;
const met: string[] = Array.from({ length: 1024 }, () => '');

/** What was written of one question. */
interface Parts {
  subjectType: string | undefined;
  subjectId: string | undefined;
  action: string | undefined;
  resourceType: string | undefined;
  resourceId: string | undefined;
}

const noParts = (): Parts => ({
  subjectType: undefined,
  subjectId: undefined,
  action: undefined,
  resourceType: undefined,
  resourceId: undefined,
});

const code = {
  tab: 0x09,
  lineFeed: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  backslash: 0x5c,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  endOfAscii: 0x80,
} as const;

/** Each step says whether the text went on as expected; the first that did not ends the reading. */
class PlainReader {
  readonly #bytes: Buffer;
  /** The same as text: in ASCII a character stands where its byte does. */
  readonly #text: string;
  #at = 0;
  #top: Parts = noParts();
  #list: Parts[] | undefined;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#text = bytes.toString('latin1');
  }

  readOne(): Evaluation | undefined {
    const isRead = this.#readWhole() && this.#list === undefined;
    return isRead ? whole(this.#top, this.#top) : undefined;
  }

  readMany(atMost: number): Evaluation[] | undefined {
    if (!this.#readWhole() || this.#list === undefined || this.#list.length > atMost) return undefined;
    const evaluations: Evaluation[] = [];
    for (const parts of this.#list) {
      const evaluation = whole(parts, this.#top);
      if (evaluation === undefined) return undefined;
      evaluations.push(evaluation);
    }
    return evaluations;
  }

  #readWhole(): boolean {
    this.#skipSpace();
    return this.#readParts(this.#top, true) && this.#at === this.#bytes.length;
  }

  #readParts(parts: Parts, atTop: boolean): boolean {
    if (!this.#take(code.openBrace)) return false;
    do {
      if (this.#takeName('subject')) {
        if (parts.subjectId !== undefined || !this.#readSubject(parts)) return false;
      } else if (this.#takeName('action')) {
        if (parts.action !== undefined || !this.#readAction(parts)) return false;
      } else if (this.#takeName('resource')) {
        if (parts.resourceId !== undefined || !this.#readResource(parts)) return false;
      } else if (!atTop || this.#list !== undefined || !this.#takeName('evaluations') || !this.#readList()) {
        return false;
      }
    } while (this.#take(code.comma));
    return this.#take(code.closeBrace);
  }

  #readList(): boolean {
    if (!this.#take(code.openBracket)) return false;
    const list: Parts[] = [];
    do {
      const parts = noParts();
      if (!this.#readParts(parts, false)) return false;
      list.push(parts);
    } while (this.#take(code.comma));
    this.#list = list;
    return this.#take(code.closeBracket);
  }

  #readSubject(parts: Parts): boolean {
    if (!this.#readEntity(false)) return false;
    parts.subjectType = this.#type;
    parts.subjectId = this.#id;
    return true;
  }

  #readResource(parts: Parts): boolean {
    if (!this.#readEntity(true)) return false;
    parts.resourceType = this.#type;
    parts.resourceId = this.#id;
    return true;
  }

  #readAction(parts: Parts): boolean {
    if (!this.#take(code.openBrace) || !this.#takeName('name')) return false;
    parts.action = this.#readText();
    return parts.action !== undefined && this.#take(code.closeBrace);
  }

  #type: string | undefined;
  #id: string | undefined;

  #readEntity(isKept: boolean): boolean {
    this.#type = undefined;
    this.#id = undefined;
    if (!this.#take(code.openBrace)) return false;
    do {
      if (this.#type === undefined && this.#takeName('type')) {
        this.#type = this.#readText();
        if (this.#type === undefined) return false;
      } else if (this.#id === undefined && this.#takeName('id')) {
        this.#id = this.#readText(isKept);
        if (this.#id === undefined) return false;
      } else return false;
    } while (this.#take(code.comma));
    return this.#type !== undefined && this.#id !== undefined && this.#take(code.closeBrace);
  }

  /**
   * A string without escapes; undefined for anything else.
   * @param isKept for one of those texts that are said again and again
   */
  #readText(isKept = true): string | undefined {
    const bytes = this.#bytes;
    if (bytes[this.#at] !== code.quote) return undefined;
    const start = this.#at + 1;
    let end = start;
    for (; ; end++) {
      const byte = bytes[end];
      if (byte === code.quote) break;
      if (byte === undefined || byte < code.space || byte === code.backslash || byte >= code.endOfAscii)
        return undefined;
    }
    if (end - start > longest) return undefined;
    this.#at = end + 1;
    this.#skipSpace();
    return isKept ? this.#sameText(start, end) : this.#text.slice(start, end);
  }

  /** Types, actions and features are few: what was met before need not become another string. */
  #sameText(start: number, end: number): string {
    const bytes = this.#bytes;
    const length = end - start;
    const last = bytes[end - 1] as number;
    const place = (length * 37 + (bytes[start] as number) * 5 + last * 11) & (met.length - 1);
    const before = met[place] as string;
    if (before.length === length && says(bytes, start, before)) return before;
    // A slice of the text would keep all of it.
    const text = bytes.toString('latin1', start, end);
    if (length <= longestKept) met[place] = text;
    return text;
  }

  /** Goes past `"name":` where that is what follows, and nowhere otherwise. */
  #takeName(name: string): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    const end = start + name.length;
    if (bytes[this.#at] !== code.quote || bytes[end] !== code.quote || !says(bytes, start, name)) return false;
    this.#at = end + 1;
    this.#skipSpace();
    if (this.#take(code.colon)) return true;
    this.#at = start - 1;
    return false;
  }

  #take(expected: number): boolean {
    if (this.#bytes[this.#at] !== expected) return false;
    this.#at++;
    this.#skipSpace();
    return true;
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined || byte > code.space) return;
      if (byte !== code.space && byte !== code.lineFeed && byte !== code.carriageReturn && byte !== code.tab) return;
    }
  }
}

function says(bytes: Buffer, start: number, words: string): boolean {
  for (let index = 0; index < words.length; index++) if (bytes[start + index] !== words.charCodeAt(index)) return false;
  return true;
}

function whole(own: Parts, top: Parts): Evaluation | undefined {
  const subject = own.subjectId === undefined ? top : own;
  const resource = own.resourceId === undefined ? top : own;
  const { subjectType, subjectId } = subject;
  const { resourceType, resourceId } = resource;
  const action = own.action ?? top.action;
  if (subjectType === undefined || subjectId === undefined || action === undefined) return undefined;
  if (resourceType === undefined || resourceId === undefined) return undefined;
  return { subjectType, subjectId, action, resourceType, resourceId };
}
