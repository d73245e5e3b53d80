import { Button, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Loaded } from '../../../components/loaded.tsx';
import { useCatalogue, useMe } from '../../../held.ts';
import { isNothing, noGrants } from '../../../permissions/grants.ts';
import { limitsOf, limitsOfTaking } from '../../../permissions/limits.ts';
import { PermissionMatrix } from '../../../permissions/permission-matrix.tsx';
import { useOrganization } from '../../../session.tsx';
import { useWords } from '../../../words/words.tsx';
import { DialogButtons } from './dialog-buttons.tsx';
import type { GrantsChange } from './grants-for-many.ts';
import type { Task } from './use-bulk.ts';

/** What is to be given to all of them, or taken from whoever has it. */
export function ChooseGrants(props: {
  change: GrantsChange;
  onChange: (change: GrantsChange) => void;
  onChosen: (task: Task) => void;
  onCancel: () => void;
}) {
  const { change, onChange, onChosen, onCancel } = props;
  const { people: words, common } = useWords();
  const { id } = useOrganization();
  const me = useMe(id);
  const catalogue = useCatalogue(id);
  const [missing, setMissing] = useState(false);
  const { way, grants } = change;
  return (
    <Loaded query={me}>
      {(held) => (
        <Loaded query={catalogue}>
          {(features) => (
            <Stack>
              <SegmentedControl
                aria-label={words.giveOrTake}
                value={way}
                onChange={(chosen) => onChange({ way: chosen as GrantsChange['way'], grants: noGrants })}
                data={[
                  { value: 'give', label: words.give },
                  { value: 'take', label: words.take },
                ]}
              />
              <Text size="sm" c="dimmed">
                {words.meanings[way]}
              </Text>
              <PermissionMatrix
                catalogue={features}
                grants={grants}
                limits={way === 'give' ? limitsOf(held, features) : limitsOfTaking(held)}
                withoutEverything={way === 'take'}
                onChange={(chosen) => {
                  setMissing(false);
                  onChange({ way, grants: chosen });
                }}
              />
              <DialogButtons>
                {missing && (
                  <Text size="sm" c="var(--mantine-color-error)" role="alert" mr="auto">
                    {words.tickSomething}
                  </Text>
                )}
                <Button variant="default" onClick={onCancel}>
                  {common.cancel}
                </Button>
                <Button
                  onClick={() => {
                    if (isNothing(grants)) setMissing(true);
                    else onChosen({ action: way, change, catalogue: features });
                  }}
                >
                  {words.preview}
                </Button>
              </DialogButtons>
            </Stack>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}
