import { Button, Group } from '@mantine/core';
import { type Language, languages } from '../../language.ts';
import { useLanguage, useWords } from '../../words/words.tsx';

/** The languages, each in itself, for who cannot read the one that is shown. */
export function LanguageChoice() {
  const words = useWords().shell;
  const { language, speak } = useLanguage();
  return (
    <Group component="nav" gap={4} aria-label={words.language}>
      {(Object.keys(languages) as Language[]).map((code) => (
        <Button
          key={code}
          lang={code}
          variant="subtle"
          color="gray"
          size="compact-sm"
          c={code === language ? 'var(--mantine-color-text)' : 'dimmed'}
          aria-pressed={code === language}
          onClick={() => speak(code)}
        >
          {languages[code]}
        </Button>
      ))}
    </Group>
  );
}
