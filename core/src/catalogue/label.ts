import type { Label } from './catalogue.ts';

/** The label in the language of a locale such as `fr_FR`; English, or whatever there is, where that language lacks. */
export function labelIn(label: Label, locale: string): string {
  if (typeof label === 'string') return label;
  return label[languageOf(locale)] ?? label.en ?? Object.values(label)[0] ?? '';
}

export const languageOf = (locale: string): string => locale.slice(0, 2).toLowerCase();
