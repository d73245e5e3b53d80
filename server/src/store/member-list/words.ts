import type { MemberStatus } from '@latchkey/core/member.ts';
import { storedStatus } from './conditions.ts';

/** Queries of the index of address parts, as tsquery: of the words that `address_parts` in migration 0008 makes of every member. */

/**
 * What the parts of every address with this in it have: anywhere, or after its first character. Each word costs, and few say enough: the
 * first and the last, those across a dot or another sign, since two words of an address are seldom met together, and the middle
 * and the end of long words, where the numbers are. A search of fewer than four characters is what a part begins with.
 */
export function wordsOf(search: string, place: 'anywhere' | 'inside'): string[] {
  const characters = [...search];
  const last = characters.length - 4;
  if (last < 0) return [place === 'inside' ? `${quoted(search)}:*` : eitherPlace(search, ':*')];
  const signs = characters.flatMap((character, n) => (/[\p{L}\p{N}]/u.test(character) ? [] : [n])).slice(0, 4);
  const across = signs.map((sign) => sign - 2);
  const ends = [...signs, characters.length];
  const within = ends.flatMap((end, n) => {
    const start = n === 0 ? 0 : (ends[n - 1] ?? 0) + 1;
    return end - start < 7 ? [] : [Math.floor((start + end) / 2) - 2, end - 4];
  });
  // What comes after the first character of the search comes after that of the address, so one place is asked for; without a long first word that is too little.
  const skipped = place === 'anywhere' && last > 0 && (signs[0] ?? last) > 2 ? 1 : 0;
  const starts = [skipped, ...within, ...across, last].map((start) => Math.max(skipped, Math.min(start, last)));
  return [...new Set(starts)].map((start) => {
    const part = characters.slice(start, start + 4).join('');
    return start > 0 || place === 'inside' ? quoted(part) : eitherPlace(part);
  });
}

const eitherPlace = (part: string, as = ''): string => `${quoted(part)}${as} | ${quoted(`^${part}`)}${as}`;

/** Of every address that begins with these one to four characters; the index has one and four as words of their own. */
export const beginningWord = (characters: string): string =>
  [1, 4].includes([...characters].length) ? quoted(`^${characters}`) : `${quoted(`^${characters}`)}:*`;

/** Of everybody in one of these spans, of 2^`level` milliseconds each. */
export const spanWords = (level: number, spans: readonly number[]): string =>
  spans.map((span) => quoted(` ${level}:${span}`)).join(' | ');

/** Of everybody in a status that few have; undefined where most have it. */
export function statusWord(status: MemberStatus): string | undefined {
  return status === 'active' ? undefined : quoted(` ${storedStatus(status)}`);
}

const quoted = (word: string): string => `'${word.replaceAll(/['\\]/g, '$&$&')}'`;
