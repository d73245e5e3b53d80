import { createContext, type ReactNode, use, useContext, useEffect, useMemo, useState, useTransition } from 'react';
import { Formats } from '../formats.ts';
import { type Language, regionalTag, rememberLanguage, startingLanguage } from '../language.ts';
import type { en } from './en.ts';

/** Every text of the console. A language that lacks one does not compile. */
export type Words = typeof en;

/** Only the language that is read is loaded. */
const sources: Record<Language, () => Promise<Words>> = {
  en: async () => (await import('./en.ts')).en,
  fr: async () => (await import('./fr.ts')).fr,
};

const asked = new Map<Language, Promise<Words>>();

function wordsIn(language: Language): Promise<Words> {
  const words = asked.get(language) ?? sources[language]();
  asked.set(language, words);
  return words;
}

interface Speech {
  language: Language;
  words: Words;
  formats: Formats;
  speak: (language: Language) => void;
}

const SpeechContext = createContext<Speech | undefined>(undefined);

/** Suspends until the words are there; another language is shown once its own are. */
export function WordsProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(startingLanguage);
  const [, startTransition] = useTransition();
  const words = use(wordsIn(language));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const speech = useMemo(
    () => ({
      language,
      words,
      formats: new Formats(regionalTag(language)),
      speak: (chosen: Language) => {
        rememberLanguage(chosen);
        startTransition(() => setLanguage(chosen));
      },
    }),
    [language, words],
  );
  return <SpeechContext value={speech}>{children}</SpeechContext>;
}

/** `const words = useWords().people` */
export const useWords = (): Words => useSpeech().words;

/** Dates and numbers, as the reader writes them. */
export const useFormats = (): Formats => useSpeech().formats;

/** The language, and how to choose another. */
export function useLanguage(): Pick<Speech, 'language' | 'speak'> {
  return useSpeech();
}

function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (!speech) throw new Error('outside of WordsProvider');
  return speech;
}
