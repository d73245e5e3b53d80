import type { GetAccountReply, ListFeaturesReply } from '@latchkey/client';
import { Badge, Group, List, Progress, Stack, Text } from '@mantine/core';
import { Section } from '../../components/section.tsx';
import { useWords } from '../../words/words.tsx';

/** What the plan has: seats and how many are taken, and its features. */
export function PlanSection(props: { account: GetAccountReply; catalogue: ListFeaturesReply | undefined }) {
  const { account, catalogue } = props;
  const words = useWords().organization;
  const { used, limit } = account.seats;
  const full = limit !== null && used >= limit;
  return (
    <Section title={words.plan} hint={words.planHint}>
      <Stack gap="md">
        <Group>
          <Badge size="lg">{catalogue?.plan.label ?? account.plan[0]?.label}</Badge>
        </Group>
        <div>
          <Text size="sm" fw={600}>
            {words.seats}
          </Text>
          <Text>{limit === null ? words.seatsWithoutLimit(used) : words.seatsUsed(used, limit)}</Text>
          {limit !== null && (
            <Progress
              value={Math.min(100, (used / limit) * 100)}
              color={full ? 'red' : 'latchkey'}
              mt={6}
              maw={320}
              aria-label={words.seats}
            />
          )}
          <Text size="sm" {...(!full && { c: 'dimmed' })} mt={6}>
            {full ? words.seatsFull : words.seatsHint}
          </Text>
        </div>
        {catalogue && <Included catalogue={catalogue} />}
      </Stack>
    </Section>
  );
}

function Included({ catalogue }: { catalogue: ListFeaturesReply }) {
  const words = useWords().organization;
  const features = catalogue.features.filter(({ deprecated }) => !deprecated);
  const counted = features.map(({ feature, label, permissions }) => ({
    feature,
    label,
    have: permissions.filter(({ in_plan }) => in_plan).length,
    all: permissions.length,
  }));
  return (
    <div>
      <Text size="sm" fw={600}>
        {words.included}
      </Text>
      <Text size="sm" c="dimmed" mb={6}>
        {words.featureCount(counted.filter(({ have }) => have > 0).length, counted.length)}
      </Text>
      <List size="sm" spacing={2} style={{ columns: '16rem' }}>
        {counted.map(({ feature, label, have, all }) => (
          <List.Item key={feature} {...(have === 0 && { c: 'dimmed' })}>
            {label}
            {have === 0 ? ` (${words.notIncluded})` : have < all ? ` (${words.partly(have, all)})` : ''}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
