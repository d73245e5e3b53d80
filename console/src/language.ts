/** The languages that the console speaks, each by its own name. */
export const languages = { en: 'English', fr: 'Français' } as const;

export type Language = keyof typeof languages;

const storageKey = 'latchkey-language';

/** What was chosen here before, else the first language of the browser that we speak, else English. */
export function startingLanguage(): Language {
  const wanted = [localStorage.getItem(storageKey) ?? '', ...navigator.languages];
  return wanted.map((tag) => tag.toLowerCase().split('-', 1)[0] ?? '').find(isLanguage) ?? 'en';
}

export function rememberLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
}

/** `en-GB` rather than `en`, where the browser says so. */
export function regionalTag(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(`${language}-`) && isTag(tag)) ?? language;
}

const isLanguage = (tag: string): tag is Language => Object.hasOwn(languages, tag);

/** Browsers hand on what the system is set to, `en-US@posix` too, at which `Intl` throws. */
function isTag(written: string): boolean {
  try {
    return Intl.getCanonicalLocales(written).length === 1;
  } catch {
    return false;
  }
}
