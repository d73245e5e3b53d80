import type { ListFeaturesReply, Member } from '@latchkey/client';
import { Skeleton, Text } from '@mantine/core';
import { useCatalogue } from '../../held.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';

/** As many are named; a row is no place for more. */
const mostNamed = 4;

/** What somebody has in full and what in part: areas, and the features that belong to none. */
export function AccessInShort({ person }: { person: Member }) {
  const { people: words } = useWords();
  const { data: catalogue } = useCatalogue(useOrganization().id);
  if (!catalogue) return <Skeleton height={16} width="8rem" radius="md" />;
  if (hasEverything(catalogue, person)) return <Text size="sm">{words.everything}</Text>;
  const full = labelsOf(catalogue, person, ['full', 'owner']);
  const some = labelsOf(catalogue, person, ['custom']);
  if (full.length + some.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.nothing}
      </Text>
    );
  return (
    <div>
      {full.length > 0 && <Labels what={words.fullIn} labels={full} />}
      {some.length > 0 && <Labels what={words.someIn} labels={some} />}
    </div>
  );
}

function Labels({ what, labels }: { what: string; labels: string[] }) {
  const { people: words } = useWords();
  const formats = useFormats();
  const named = labels.length > mostNamed ? labels.slice(0, mostNamed - 1) : labels;
  const others = labels.length - named.length;
  return (
    <Text size="sm">
      <Text span c="dimmed" inherit>
        {what}
      </Text>{' '}
      {formats.list(others > 0 ? [...named, words.others(others)] : named)}
    </Text>
  );
}

function hasEverything({ features }: ListFeaturesReply, { features: held = {} }: Member): boolean {
  const inPlan = features.filter(
    ({ deprecated, permissions }) => !deprecated && permissions.some(({ in_plan }) => in_plan),
  );
  return inPlan.every(({ feature }) => held[feature] === 'full' || held[feature] === 'owner');
}

function labelsOf({ areas, features }: ListFeaturesReply, person: Member, levels: string[]): string[] {
  const outside = features.filter(({ area }) => area === null);
  return [
    ...areas.filter(({ area }) => levels.includes(person.feature_access[area] ?? 'none')),
    ...outside.filter(({ feature }) => levels.includes(person.features?.[feature] ?? 'none')),
  ].map(({ label }) => label);
}
