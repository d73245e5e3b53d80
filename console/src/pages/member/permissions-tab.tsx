import { LatchkeyError } from '@latchkey/client';
import { Button, Group, Paper, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useChange } from '../../api.ts';
import { announce, tellDone } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { LeaveWarning } from '../../components/leave-warning.tsx';
import { isRefusal } from '../../latchkey.ts';
import type { Catalogue } from '../../permissions/catalogue.ts';
import { changeOf, differenceOf, type Grants, grantsOf, isSame, onTop } from '../../permissions/grants.ts';
import { DifferenceInWords } from '../../permissions/grants-in-words.tsx';
import type { Limits } from '../../permissions/limits.ts';
import { PermissionMatrix } from '../../permissions/permission-matrix.tsx';
import { useWords } from '../../words/words.tsx';
import { Conflict } from './conflict.tsx';
import classes from './permissions-tab.module.css';
import type { GrantsAnswer } from './person.ts';

/** What the reader chose, and what was there when they began. */
interface Draft {
  base: Grants;
  grants: Grants;
}

/**
 * What a member may do, to be changed. What somebody else changes meanwhile is shown as soon as it is known, at the latest when
 * saving: then the reader chooses, and nobody's change is lost in silence.
 */
export function PermissionsTab(props: {
  email: string;
  answer: GrantsAnswer;
  reread: () => Promise<GrantsAnswer | undefined>;
  catalogue: Catalogue;
  limits: Limits;
  readOnly: boolean;
}) {
  const { email, answer, reread, catalogue, limits, readOnly } = props;
  const words = useWords().member;
  const stored = grantsOf(answer.reply);
  const [draft, setDraft] = useState<Draft>();
  const [saving, setSaving] = useState(false);
  const all = useRef<HTMLDivElement>(null);
  const change = useChange((latchkey, { from, to, etag }: { from: Grants; to: Grants; etag: string | undefined }) =>
    latchkey.updateMemberPermissions({ email, ...changeOf(from, to) }, { ifMatch: etag }),
  );

  const isDone = draft !== undefined && isSame(draft.grants, stored);
  useEffect(() => {
    if (isDone) setDraft(undefined);
  }, [isDone]);
  const open = readOnly || isDone ? undefined : draft;
  const conflict = open !== undefined && !saving && !isSame(open.base, stored);

  const choose = (grants: Grants): void => {
    change.reset();
    setDraft({ base: draft?.base ?? stored, grants });
  };

  /** What had the focus is gone with the draft. */
  const drop = (): void => {
    setDraft(undefined);
    change.reset();
    all.current?.focus({ preventScroll: true });
  };

  const save = async ({ base, grants }: Draft): Promise<void> => {
    setSaving(true);
    try {
      await change.mutateAsync({ from: base, to: grants, etag: answer.etag });
      tellDone(words.saved(email));
    } catch (error) {
      // Something else about the member may have changed, which is no reason to ask anybody.
      const fresh = isRefusal(error, 'precondition_failed') ? await reread() : undefined;
      if (fresh && isSame(grantsOf(fresh.reply), base)) await saveAgain({ base, grants }, fresh.etag);
    }
    // With what is stored now there is no draft any more; until then it stands for it.
    const stands = await reread();
    setSaving(false);
    if (stands && isSame(grantsOf(stands.reply), grants)) all.current?.focus({ preventScroll: true });
  };

  const saveAgain = async ({ base, grants }: Draft, etag: string | undefined): Promise<void> => {
    try {
      await change.mutateAsync({ from: base, to: grants, etag });
      tellDone(words.saved(email));
    } catch (error) {
      // Shown from the change itself.
      if (!(error instanceof LatchkeyError)) throw error;
    }
  };

  const applyMine = (mine: Draft): void => {
    const together = { base: stored, grants: onTop(mine.base, mine.grants, stored) };
    setDraft(together);
    all.current?.focus({ preventScroll: true });
    if (!isSame(together.base, together.grants)) void save(together);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: the fieldsets of the areas are within it
    <div ref={all} tabIndex={-1} role="group" aria-label={words.permissions} className={classes.all}>
      <LeaveWarning unsaved={open !== undefined && !saving} words={words} />
      {answer.reply.status !== 'active' && (
        <Text c="dimmed" size="sm" mb="md">
          {words.pendingPermissions}
        </Text>
      )}
      {conflict && (
        <Conflict
          base={open.base}
          mine={open.grants}
          theirs={stored}
          catalogue={catalogue}
          onKeepTheirs={() => {
            drop();
            announce(words.keptTheirs);
          }}
          onApplyMine={() => applyMine(open)}
        />
      )}
      <PermissionMatrix
        catalogue={catalogue}
        grants={open?.grants ?? stored}
        {...(open && { before: open.base })}
        limits={limits}
        onChange={choose}
        readOnly={readOnly || saving}
      />
      {open && !conflict && (
        <Paper
          withBorder
          shadow="md"
          radius="lg"
          p="md"
          className={classes.bar}
          component="section"
          aria-label={words.changes}
        >
          <div className={classes.difference} aria-live="polite">
            <DifferenceInWords difference={differenceOf(open.base, open.grants)} catalogue={catalogue} />
          </div>
          {!isRefusal(change.error, 'precondition_failed') && (
            <ErrorNotice error={change.error} reasons={words.reasons} />
          )}
          <Group justify="flex-end" gap="sm" mt="sm">
            <Button variant="default" onClick={drop} disabled={saving}>
              {words.discard}
            </Button>
            <Button onClick={() => void save(open)} loading={saving} disabled={isSame(open.base, open.grants)}>
              {words.save}
            </Button>
          </Group>
        </Paper>
      )}
    </div>
  );
}
