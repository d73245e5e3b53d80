import type { ListFeaturesReply } from '@latchkey/client';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isRefusal, latchkeyIn } from '../../../latchkey.ts';
import { useOrganization } from '../../../session.tsx';
import { type BulkCall, callsFor, callsWithin, type Outcome, outcomesOf, peopleIn, withLast } from './bulk-call.ts';
import { type GrantsChange, planGrants, probesOf } from './grants-for-many.ts';

/** What is to be done to everybody selected. */
export type Task =
  | { action: 'resend' | 'cancel' | 'revoke' }
  | { action: 'give' | 'take'; change: GrantsChange; catalogue: ListFeaturesReply };

/** From asking what would happen to having done it. */
export type Stage =
  | { at: 'start' }
  | { at: 'checking'; part: number }
  | { at: 'unchecked'; error: unknown }
  | { at: 'checked'; outcomes: Outcome[] }
  | { at: 'doing'; outcomes: Outcome[]; part: number; total: number; stopping: boolean }
  /** `left` were not asked for, or nobody knows: it was stopped, or broke off with an error. */
  | { at: 'done'; outcomes: Outcome[]; left: BulkCall[]; error: unknown };

export interface Bulk {
  stage: Stage;
  /** Asks what would happen, changing nothing. */
  check(task: Task): void;
  /** Does it, to whom it was found that it would happen. */
  carryOut(): void;
  /** Ends after the request that is under way. */
  stop(): void;
  /** Does the rest of what was stopped or broke off. What was done is not done again. */
  goOn(): void;
  /** Back to before the check. */
  forget(): void;
}

/** Does the same to many people, a hundred at a time, after asking the server what that would come to. */
export function useBulk(emails: readonly string[]): Bulk {
  const { id, email: own } = useOrganization();
  const client = useQueryClient();
  const latchkey = latchkeyIn(id);
  const [stage, setStage] = useState<Stage>({ at: 'start' });
  const checked = useRef<{ calls: BulkCall[]; outcomes: Outcome[] }>({ calls: [], outcomes: [] });
  const checking = useRef<AbortController>(undefined);
  const stopped = useRef(false);

  useEffect(
    () => () => {
      checking.current?.abort();
      stopped.current = true;
    },
    [],
  );

  async function check(task: Task): Promise<void> {
    checking.current?.abort();
    checking.current = new AbortController();
    const { signal } = checking.current;
    setStage({ at: 'checking', part: 0 });
    try {
      const ask = async (calls: readonly BulkCall[], from: number, to: number): Promise<Outcome[]> => {
        const outcomes: Outcome[] = [];
        for (const call of calls) {
          outcomes.push(...(await outcomesOf(latchkey, call, { dryRun: true, signal })));
          setStage({ at: 'checking', part: from + ((to - from) * outcomes.length) / peopleIn(calls) });
        }
        return outcomes;
      };
      const { calls: planned, settled } = await planOf(task, (probes) => ask(probes, 0, 0.5));
      const calls = withLast(planned, own);
      const asked = await ask(calls, settled.length > 0 || 'change' in task ? 0.5 : 0, 1);
      const outcomes = inOrderOf(emails, [...settled, ...asked]);
      const would = new Set(outcomes.flatMap(({ email, outcome }) => (outcome === 'done' ? email : [])));
      checked.current = { calls: callsWithin(calls, would), outcomes };
      setStage({ at: 'checked', outcomes });
    } catch (error) {
      if (!signal.aborted) setStage({ at: 'unchecked', error });
    }
  }

  async function planOf(task: Task, probe: (calls: BulkCall[]) => Promise<Outcome[]>) {
    if (!('change' in task)) return { calls: callsFor(emails, { action: task.action }), settled: [] };
    const probed = await probe(probesOf(emails, task.change));
    return planGrants(emails, task.change, probed, task.catalogue);
  }

  /** @param before what is known of others already */
  async function carryOut(calls: readonly BulkCall[], before: readonly Outcome[]): Promise<void> {
    stopped.current = false;
    const outcomes = [...before];
    const total = peopleIn(calls);
    const left = [...calls];
    let error: unknown;
    setStage({ at: 'doing', outcomes, part: 0, total, stopping: false });
    for (let call = left[0]; call && !stopped.current; call = left[0]) {
      try {
        outcomes.push(...(await outcomesOf(latchkey, call, { dryRun: false })));
        left.shift();
        const part = total - peopleIn(left);
        setStage({ at: 'doing', outcomes: [...outcomes], part, total, stopping: stopped.current });
      } catch (failure) {
        error = failure;
        break;
      }
    }
    setStage({ at: 'done', outcomes: inOrderOf(emails, outcomes), left, error });
    // Who took their own membership away belongs here no more.
    if (outcomes.some(({ email }) => email === own) || isRefusal(error, 'unauthorized'))
      void client.invalidateQueries({ queryKey: ['session'] });
    await client.invalidateQueries({ queryKey: ['organization', id] });
  }

  return {
    stage,
    check: (task) => void check(task),
    carryOut() {
      const { calls, outcomes } = checked.current;
      const others = outcomes.filter(({ outcome }) => outcome !== 'done');
      void carryOut(calls, others);
    },
    stop() {
      stopped.current = true;
      setStage((now) => (now.at === 'doing' ? { ...now, stopping: true } : now));
    },
    goOn() {
      if (stage.at === 'done') void carryOut(stage.left, stage.outcomes);
    },
    forget() {
      checking.current?.abort();
      setStage({ at: 'start' });
    },
  };
}

function inOrderOf(emails: readonly string[], outcomes: readonly Outcome[]): Outcome[] {
  const byEmail = new Map(outcomes.map((outcome) => [outcome.email, outcome]));
  return emails.flatMap((email) => byEmail.get(email) ?? []);
}
