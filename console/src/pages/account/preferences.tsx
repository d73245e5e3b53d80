import { Group, type MantineColorScheme, NativeSelect, useMantineColorScheme } from '@mantine/core';
import { Section } from '../../components/section.tsx';
import { type Language, languages } from '../../language.ts';
import { useLanguage, useWords } from '../../words/words.tsx';

/** How the reader likes the console, in this browser. */
export function Preferences() {
  const { account: words, shell } = useWords();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { language, speak } = useLanguage();
  return (
    <Section title={words.preferences} hint={words.preferencesHint}>
      <Group>
        <NativeSelect
          label={shell.language}
          value={language}
          onChange={(event) => speak(event.currentTarget.value as Language)}
          data={Object.entries(languages).map(([value, label]) => ({ value, label }))}
        />
        <NativeSelect
          label={shell.scheme}
          value={colorScheme}
          onChange={(event) => setColorScheme(event.currentTarget.value as MantineColorScheme)}
          data={Object.entries(shell.schemes).map(([value, label]) => ({ value, label }))}
        />
      </Group>
    </Section>
  );
}
