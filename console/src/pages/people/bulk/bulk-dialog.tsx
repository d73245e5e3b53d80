import type { Member } from '@latchkey/client';
import { Alert, Button, Modal, Progress, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { announce } from '../../../components/announce.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { AlertTriangleIcon } from '../../../components/icons.tsx';
import { noGrants } from '../../../permissions/grants.ts';
import { useOrganization } from '../../../session.tsx';
import { useWords } from '../../../words/words.tsx';
import { useNarrow } from '../narrow.ts';
import type { BulkAction } from '../selection-bar.tsx';
import { peopleIn } from './bulk-call.ts';
import classes from './bulk-dialog.module.css';
import { ChooseGrants } from './choose-grants.tsx';
import { DialogButtons } from './dialog-buttons.tsx';
import type { GrantsChange } from './grants-for-many.ts';
import { Outcomes } from './outcomes.tsx';
import { type Bulk, type Stage, type Task, useBulk } from './use-bulk.ts';

/** What is to be done, and to whom. */
export interface Subject {
  action: BulkAction;
  people: Member[];
}

type Close = (leftOver?: ReadonlySet<string>) => void;

/**
 * Says what will happen to everybody selected, by the word of the operation itself, then does it and says what has happened.
 * @param onClose with those who stay selected, where anything was done
 */
export function BulkDialog({ subject, onClose }: { subject: Subject; onClose: Close }) {
  const { people: words, common } = useWords();
  const narrow = useNarrow();
  const [emails] = useState(() => subject.people.map(({ email }) => email));
  const bulk = useBulk(emails);
  const [task, setTask] = useState<Task | undefined>(() =>
    subject.action === 'permissions' ? undefined : { action: subject.action },
  );
  const [change, setChange] = useState<GrantsChange>({ way: 'give', grants: noGrants });
  const { stage } = bulk;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each task
  useEffect(() => {
    if (task) bulk.check(task);
  }, [task]);

  const isBusy = stage.at === 'doing';
  const close = (): void => onClose(stage.at === 'done' ? leftOver(emails, stage) : undefined);
  return (
    <Modal
      opened
      onClose={close}
      title={`${words.titles[task?.action ?? 'permissions']} · ${words.forSelected(emails.length)}`}
      size="xl"
      fullScreen={narrow}
      centered={false}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
      closeOnClickOutside={false}
      closeOnEscape={!isBusy}
      withCloseButton={!isBusy}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {task ? (
        <Course
          task={task}
          bulk={bulk}
          total={emails.length}
          onClose={close}
          onBack={
            'change' in task
              ? () => {
                  bulk.forget();
                  setTask(undefined);
                }
              : undefined
          }
        />
      ) : (
        <ChooseGrants change={change} onChange={setChange} onChosen={setTask} onCancel={close} />
      )}
    </Modal>
  );
}

/** Whoever was refused, or not asked for, stays selected. */
function leftOver(emails: readonly string[], { outcomes }: Extract<Stage, { at: 'done' }>): ReadonlySet<string> {
  const settled = new Set(outcomes.flatMap(({ email, outcome }) => (outcome === 'refused' ? [] : email)));
  return new Set(emails).difference(settled);
}

/** From the check on: what would happen, the doing, what has happened. */
function Course(props: {
  task: Task;
  bulk: Bulk;
  total: number;
  onClose: () => void;
  onBack: (() => void) | undefined;
}) {
  const { task, bulk, total, onClose, onBack } = props;
  const { people: words, common } = useWords();
  const { stage } = bulk;
  const { action } = task;
  const summary = useRef<HTMLDivElement>(null);
  const willChange = stage.at === 'checked' ? stage.outcomes.filter(({ outcome }) => outcome === 'done').length : 0;

  // The button that was pressed is gone, so the focus goes to what came of it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when it has come to something
  useEffect(() => {
    if (stage.at !== 'start') summary.current?.focus({ preventScroll: true });
    if (stage.at === 'checked') announce(willChange === 0 ? words.nothingToDo : words.will[action](willChange));
    if (stage.at === 'done' && stage.error === undefined)
      announce(words.did[action](stage.outcomes.filter(({ outcome }) => outcome === 'done').length));
  }, [stage.at]);

  if (stage.at === 'start' || stage.at === 'checking') {
    const part = stage.at === 'checking' ? stage.part : 0;
    return (
      <Stack>
        <Working focus={summary} part={part} text={words.checking(Math.floor(part * total), total)} />
        <DialogButtons>
          <Button variant="default" onClick={onBack ?? onClose}>
            {onBack ? words.back : common.cancel}
          </Button>
        </DialogButtons>
      </Stack>
    );
  }
  if (stage.at === 'unchecked')
    return (
      <Stack>
        <ErrorNotice error={stage.error} reasons={words.reasons} onRetry={() => bulk.check(task)} />
        <DialogButtons>
          <Button variant="default" onClick={onBack ?? onClose}>
            {onBack ? words.back : common.close}
          </Button>
        </DialogButtons>
      </Stack>
    );
  if (stage.at === 'checked')
    return (
      <Stack>
        <Text ref={summary} tabIndex={-1} className={classes.news}>
          {willChange === 0 ? words.nothingToDo : words.before[action]}
        </Text>
        <YouAmong stage={stage} action={action} />
        <Outcomes outcomes={stage.outcomes} action={action} isDone={false} />
        <DialogButtons>
          <Button variant="default" onClick={onBack ?? onClose}>
            {onBack ? words.back : willChange === 0 || action === 'cancel' ? common.close : common.cancel}
          </Button>
          {willChange > 0 && (
            <Button color={action === 'revoke' ? 'red' : 'latchkey'} onClick={bulk.carryOut}>
              {words.confirm[action](willChange)}
            </Button>
          )}
        </DialogButtons>
      </Stack>
    );
  if (stage.at === 'doing')
    return (
      <Stack>
        <Working focus={summary} part={stage.part / stage.total} text={words.doing(stage.part, stage.total)} />
        <DialogButtons>
          <Button variant="default" onClick={bulk.stop} disabled={stage.stopping}>
            {words.stop}
          </Button>
        </DialogButtons>
      </Stack>
    );
  const left = peopleIn(stage.left);
  return (
    <Stack>
      <Stack ref={summary} tabIndex={-1} className={classes.news}>
        <ErrorNotice error={stage.error} reasons={words.reasons} />
        {left > 0 && <Text>{stage.error ? words.brokenOff(left) : words.stopped(left)}</Text>}
        <Outcomes outcomes={stage.outcomes} action={action} isDone />
      </Stack>
      <DialogButtons>
        {left > 0 && (
          <Button variant="default" onClick={bulk.goOn}>
            {stage.error ? common.retry : words.goOn}
          </Button>
        )}
        <Button onClick={onClose}>{common.close}</Button>
      </DialogButtons>
    </Stack>
  );
}

function Working(props: { focus: React.Ref<HTMLDivElement>; part: number; text: string }) {
  const { focus, part, text } = props;
  const { people: words } = useWords();
  return (
    <Stack gap="xs" ref={focus} tabIndex={-1} className={classes.news}>
      <Text>{text}</Text>
      <Progress value={part * 100} aria-label={words.progress} size="lg" />
    </Stack>
  );
}

/** Whoever is about to take something from themselves should know. */
function YouAmong({ stage, action }: { stage: Extract<Stage, { at: 'checked' }>; action: Task['action'] }) {
  const { people: words } = useWords();
  const { email: own } = useOrganization();
  const isAmong = stage.outcomes.some(({ email, outcome }) => email === own && outcome === 'done');
  if (!isAmong || (action !== 'revoke' && action !== 'take')) return null;
  return (
    <Alert color="yellow" icon={<AlertTriangleIcon />}>
      {words.youAmong}
    </Alert>
  );
}
