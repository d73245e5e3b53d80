import type { ListFeaturesReply, Member } from '@latchkey/client';
import { Skeleton, Text } from '@mantine/core';
import { useCatalogue } from '../../held.ts';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';

/** The areas in which somebody has everything, and those in which they have something. Features outside of areas do not count. */
export function AccessByArea({ access }: { access: Member['feature_access'] }) {
  const { people: words } = useWords();
  const { data: catalogue } = useCatalogue(useOrganization().id);
  if (!catalogue) return <Skeleton height={16} width="8rem" radius="md" />;
  const full = labelsOf(catalogue, access, ['full', 'owner']);
  const some = labelsOf(catalogue, access, ['custom']);
  if (catalogue.areas.length === 0) return null;
  if (full.length === catalogue.areas.length) return <Text size="sm">{words.everyArea}</Text>;
  if (full.length + some.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {words.noArea}
      </Text>
    );
  return (
    <div>
      {full.length > 0 && <Areas what={words.fullIn} labels={full} />}
      {some.length > 0 && <Areas what={words.someIn} labels={some} />}
    </div>
  );
}

function Areas({ what, labels }: { what: string; labels: string[] }) {
  const formats = useFormats();
  return (
    <Text size="sm">
      <Text span c="dimmed" inherit>
        {what}
      </Text>{' '}
      {formats.list(labels)}
    </Text>
  );
}

const labelsOf = ({ areas }: ListFeaturesReply, access: Member['feature_access'], levels: string[]): string[] =>
  areas.filter(({ area }) => levels.includes(access[area] ?? 'none')).map(({ label }) => label);
