/**
 * Makes an element. Children that are strings become text, so nothing that a server or a person wrote is read as markup.
 * @param {Record<string, unknown>} properties properties of the element, such as `className` or `ariaDisabled`
 */
export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** A sentence with its places filled. Each value is isolated, so that no direction of writing spills over. */
export function sentence(template, values) {
  return template.split(/\{(\w+)\}/).map((part, at) => (at % 2 === 0 ? part : isolated(values[part] ?? '')));
}

export const isolated = (text) => element('bdi', {}, text);

const longestName = 120;

/** A name that somebody chose: no control or direction characters, and not so long that it hides what we say. */
export function shownName(name, fallback) {
  const line = String(name ?? '')
    .replace(/[\p{Z}\p{Cc}]+/gu, ' ')
    .replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .trim();
  const letters = [...line];
  return letters.length > longestName ? `${letters.slice(0, longestName - 1).join('')}…` : line || fallback;
}

/** In the reader's own time zone, which it names. Empty for what is no date. */
export function dateInWords(written, language) {
  const date = new Date(written ?? Number.NaN);
  if (Number.isNaN(date.getTime())) return '';
  const parts = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' };
  return new Intl.DateTimeFormat(regionalTag(language), { ...parts, timeZoneName: 'short' }).format(date);
}

/** @param {number} seconds */
export function durationInWords(seconds, language) {
  const [count, unit] = seconds < 120 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
}

/** `en-GB` rather than `en`, where the browser says so. */
function regionalTag(language) {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`) && isTag(tag)) ?? language;
}

/** Some browsers call their language `en-US@posix`, which dates cannot be written in. */
function isTag(text) {
  try {
    return Intl.getCanonicalLocales(text).length > 0;
  } catch {
    return false;
  }
}
