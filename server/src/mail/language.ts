export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

/** The language we write to somebody in: French for every French locale, English for all others. */
export function languageOf(locale: string): Language {
  return /^fr(?![a-z])/i.test(locale) ? 'fr' : 'en';
}

/** The BCP 47 tag for dates and numbers: the locale itself (`fr_CA` → `fr-CA`), so long as we also speak its language. */
export function formattingTag(locale: string): string {
  const language = languageOf(locale);
  if (!new RegExp(`^${language}(?![a-z])`, 'i').test(locale)) return language;
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? language;
  } catch {
    return language;
  }
}
