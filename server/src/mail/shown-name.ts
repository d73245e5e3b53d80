const longestName = 80; // graphemes; longer ones push the sentence around them out of sight
const mostMarks = 4; // combining marks on one letter; real writing needs two or three

const blank = /[\p{Z}\p{Cc}]+/gu;
// Joiners and variation selectors stay, because emoji and several scripts are spelled with them.
const invisible = /[[\p{Cf}\p{Default_Ignorable_Code_Point}]--[\u200c\u200d\ufe0e\ufe0f]]/gv;
const piledMarks = new RegExp(`(\\p{M}{${mostMarks}})\\p{M}+`, 'gu');
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/**
 * A name that somebody chose, made fit for a sentence of ours: one line, no control or direction characters, no piles of
 * accents, at most 80 graphemes. Empty when nothing visible is left.
 */
export function shownName(name: string, longest = longestName): string {
  const line = name
    .toWellFormed()
    .normalize('NFC')
    .replace(blank, ' ')
    .replace(invisible, '')
    .replace(piledMarks, '$1')
    .trim();
  return visible.test(line) ? shortened(line, longest) : '';
}

// Zero-width space: mail clients find no address across it, people do not see it, and it may break a long line.
const apart = '\u200b';
const linkJoint = /(?<=\S)([.\u2024\u3002\uff0e\uff61@:/\\])(?=\S)/gu;
const plainAddress = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/;

/**
 * The same words, written so that mail clients make no link of them: an organization named `evil.com` stays text. A plain
 * e-mail address is left alone, since it can only become a link to write to that person.
 */
export function unlinked(text: string): string {
  return plainAddress.test(text) ? text : text.replace(linkJoint, `${apart}$1${apart}`);
}

/** Keeps a right-to-left name from rearranging the plain-text sentence that it stands in. */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}

function shortened(line: string, longest: number): string {
  // No grapheme is shorter than one code unit, so a line this short needs no counting.
  if (line.length <= longest) return line;
  const graphemes = Array.from(new Intl.Segmenter().segment(line.slice(0, longest * 40)), ({ segment }) => segment);
  return graphemes.length > longest
    ? `${graphemes
        .slice(0, longest - 1)
        .join('')
        .trimEnd()}…`
    : graphemes.join('');
}
