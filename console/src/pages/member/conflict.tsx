import { Alert, Button, Group, SimpleGrid, Text } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { AlertTriangleIcon } from '../../components/icons.tsx';
import type { Catalogue } from '../../permissions/catalogue.ts';
import { differenceOf, type Grants, isSame, onTop } from '../../permissions/grants.ts';
import { DifferenceInWords } from '../../permissions/grants-in-words.tsx';
import { useWords } from '../../words/words.tsx';

/** Two people changed the same member: what each of them did, and the choice. */
export function Conflict(props: {
  base: Grants;
  mine: Grants;
  theirs: Grants;
  catalogue: Catalogue;
  onKeepTheirs: () => void;
  onApplyMine: () => void;
}) {
  const { base, mine, theirs, catalogue, onKeepTheirs, onApplyMine } = props;
  const words = useWords().member;
  const box = useRef<HTMLDivElement>(null);
  const together = onTop(base, mine, theirs);
  useEffect(() => {
    // In braces: in some browsers it answers something, which React would take for a way to clean up.
    box.current?.scrollIntoView({ block: 'center' });
    // Whoever pressed a button that made way for this; somebody busy elsewhere is not disturbed.
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Alert
      ref={box}
      color="yellow"
      variant="light"
      mb="lg"
      icon={<AlertTriangleIcon />}
      title={words.conflict}
      role="alert"
      tabIndex={-1}
    >
      <Text size="sm">{words.conflictMeaning}</Text>
      <SimpleGrid cols={{ base: 1, sm: 3 }} my="md">
        <Side heading={words.theirChange}>
          <DifferenceInWords difference={differenceOf(base, theirs)} catalogue={catalogue} />
        </Side>
        <Side heading={words.yourChange}>
          <DifferenceInWords difference={differenceOf(base, mine)} catalogue={catalogue} />
        </Side>
        <Side heading={words.together}>
          {isSame(theirs, together) ? (
            <Text size="sm">{words.nothingMore}</Text>
          ) : (
            <DifferenceInWords difference={differenceOf(theirs, together)} catalogue={catalogue} />
          )}
        </Side>
      </SimpleGrid>
      <Group gap="sm">
        <Button variant="default" onClick={onKeepTheirs}>
          {words.keepTheirs}
        </Button>
        <Button onClick={onApplyMine}>{words.applyMine}</Button>
      </Group>
    </Alert>
  );
}

function Side({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <div>
      <Text fw={600} size="sm" mb={4}>
        {heading}
      </Text>
      {children}
    </div>
  );
}
