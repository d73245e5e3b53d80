import { LatchkeyError, type ProblemDetail } from '@latchkey/client';
import { Group, Stack, Text, Title } from '@mantine/core';
import { AlertTriangleIcon, CircleCheckIcon, type Icon, InfoCircleIcon } from '../../../components/icons.tsx';
import { useCatalogue } from '../../../held.ts';
import type { Difference } from '../../../permissions/grants.ts';
import { DifferenceInWords } from '../../../permissions/grants-in-words.tsx';
import { problemInWords } from '../../../problem-words.ts';
import { useOrganization } from '../../../session.tsx';
import { useWords, type Words } from '../../../words/words.tsx';
import type { Outcome } from './bulk-call.ts';
import classes from './outcomes.module.css';
import type { Task } from './use-bulk.ts';

type Action = Task['action'];

/** What will happen to each of them, or has; then those come first who were refused. Who fares alike stands together. */
export function Outcomes({ outcomes, action, isDone }: { outcomes: Outcome[]; action: Action; isDone: boolean }) {
  const all = useWords();
  const { people: words } = all;
  const of = (outcome: Outcome['outcome']): Outcome[] => outcomes.filter((one) => one.outcome === outcome);
  const [done, unchanged, refused] = [of('done'), of('unchanged'), of('refused')];
  const refusedPart = (
    <Part
      icon={AlertTriangleIcon}
      tone="bad"
      title={isDone ? words.wereRefused(refused.length) : words.refused(refused.length)}
      hint={isDone ? words.staySelected : undefined}
      outcomes={refused}
      why={(outcome) => whyRefused(all, outcome)}
    />
  );
  return (
    <Stack gap="lg">
      {isDone && refusedPart}
      <Part
        icon={CircleCheckIcon}
        tone="good"
        title={(isDone ? words.did : words.will)[action](done.length)}
        outcomes={done}
      />
      {!isDone && refusedPart}
      <Part
        icon={InfoCircleIcon}
        tone="quiet"
        title={words.unchanged(unchanged.length)}
        outcomes={unchanged}
        why={(outcome) => whyUnchanged(words, action, outcome)}
      />
    </Stack>
  );
}

function Part(props: {
  icon: Icon;
  tone: 'good' | 'bad' | 'quiet';
  title: string;
  hint?: string | undefined;
  outcomes: Outcome[];
  why?: (outcome: Outcome) => string;
}) {
  const { icon: Drawing, tone, title, hint, outcomes, why } = props;
  const { people: words } = useWords();
  const { data: catalogue } = useCatalogue(useOrganization().id);
  if (outcomes.length === 0) return null;
  const alike = Map.groupBy(outcomes, (one) => JSON.stringify([why?.(one), one.gains, one.loses]));
  return (
    <section>
      <Group gap={8} wrap="nowrap" align="flex-start">
        <span className={classes.icon} data-tone={tone}>
          <Drawing size={20} />
        </span>
        <div>
          <Title order={3} size="h5">
            {title}
          </Title>
          {hint && (
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          )}
        </div>
      </Group>
      {[...alike].map(([key, group]) => {
        const [first] = group;
        return (
          <div key={key} className={classes.alike}>
            {first && why && <Text size="sm">{why(first)}</Text>}
            {first && !why && catalogue && <DifferenceInWords difference={differenceIn(first)} catalogue={catalogue} />}
            <ul className={classes.addresses} aria-label={words.addresses}>
              {group.map(({ email }) => (
                <li key={email}>{email}</li>
              ))}
            </ul>
          </div>
        );
      })}
    </section>
  );
}

/** Who gains or loses everything is not told each permission besides. */
function differenceIn({ gains = [], loses = [] }: Outcome): Difference {
  const everything = gains.includes('all_features_access')
    ? 'gained'
    : loses.includes('all_features_access')
      ? 'lost'
      : null;
  return {
    everything,
    gained: everything === 'gained' ? [] : gains,
    lost: everything === 'lost' ? [] : loses,
    kept: [],
  };
}

function whyRefused({ people: words, problems }: Words, { error }: Outcome): string {
  if (!error) return problems.other;
  const { code, message, details } = error;
  return problemInWords(
    problems,
    new LatchkeyError({ code, message, ...(details && { details: details as ProblemDetail[] }) }),
    words.reasons,
  );
}

function whyUnchanged(words: Words['people'], action: Action, { hasEverything }: Outcome): string {
  if (hasEverything) return action === 'take' ? words.why.everything : words.why.givenEverything;
  return words.why[action];
}
