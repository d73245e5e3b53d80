import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { Problem, problem } from '@latchkey/core/problem.ts';
import { lockRecipients } from '../store/invitations.ts';
import type { Call } from './call.ts';
import { underLock } from './under-lock.ts';

/** One row of a request about many people: what became of it, or why it was refused. */
export type Row<R> = { email: string } & Result<R>;
type Result<R> = { done: R } | { refusal: Problem };

export interface ManyPeople {
  emails: readonly string[];
  /** Whether rows write to people. */
  mails: boolean;
  dryRun: boolean;
}

/**
 * Does for each of many people what an operation does for one, in one transaction: a row that is refused undoes itself and
 * no other, and a fault undoes them all. So what is answered is what is kept; and of a dry run it is what would be kept,
 * since it was done before it was taken back.
 * @param work the operation for one person, by their canonical address
 * @returns the rows in the order of the request
 */
export function rowByRow<R>(
  call: Call,
  { emails, mails, dryRun }: ManyPeople,
  work: (call: Call, address: string) => Promise<R>,
): Promise<Row<R>[]> {
  // Each row takes the lock too; but nobody may wait for it who holds a recipient's already, as later rows would.
  const allUnderLock = (within: Call): Promise<Row<R>[]> =>
    underLock(within, async (locked) => {
      const rows: Row<R>[] = [];
      const people = inOrder(readAddresses(emails));
      if (mails && locked.mailLimits.recipient !== null)
        await lockRecipients(
          locked.db,
          people.flatMap(({ read }) => ('done' in read ? [read.done] : [])),
        );
      for (const { index, email, read } of people)
        rows[index] = { email, ...('done' in read ? await attempted(locked, read.done, work) : read) };
      return rows;
    });
  return dryRun ? call.db.rehearse((db) => allUnderLock({ ...call, db, mailQueued: () => {} })) : allUnderLock(call);
}

interface Addressed {
  index: number;
  email: string;
  /** The canonical address, where it is one and the first of its kind. */
  read: Result<string>;
}

function readAddresses(emails: readonly string[]): Addressed[] {
  const first = new Map<string, string>();
  return emails.map((email, index) => {
    try {
      const address = canonicalEmail(email);
      const before = first.get(address);
      if (before !== undefined) return { index, email, read: { refusal: repeated(before) } };
      first.set(address, email);
      return { index, email, read: { done: address } };
    } catch (error) {
      return { index, email, read: { refusal: refusalIn(error) } };
    }
  });
}

const repeated = (first: string): Problem =>
  problem('duplicate_parameter', 'email', 'repeated', `This is the same address as ${first}, which stands before it.`);

/** In the order of addresses, in which everybody takes the locks on them. */
function inOrder(people: Addressed[]): Addressed[] {
  const address = ({ read }: Addressed): string => ('done' in read ? read.done : '');
  return people.toSorted((a, b) => (address(a) < address(b) ? -1 : 1));
}

async function attempted<R>(
  call: Call,
  address: string,
  work: (call: Call, address: string) => Promise<R>,
): Promise<Result<R>> {
  try {
    return { done: await call.db.attempt((db) => work({ ...call, db }, address)) };
  } catch (error) {
    return { refusal: refusalIn(error) };
  }
}

/** @throws what is no refusal but a fault, which is about all rows */
function refusalIn(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}

type RowProblem = NonNullable<Reply<Api['inviteMembers']>['results'][number]['error']>;

/** A row as it is answered. */
export const shownRow = <R, S>(row: Row<R>, show: (done: R) => S) =>
  'done' in row
    ? { email: row.email, ...show(row.done) }
    : { email: row.email, outcome: 'refused' as const, error: row.refusal.toJSON() satisfies RowProblem };

export const countOf = (results: readonly { outcome: string }[], outcome: string): number =>
  results.filter((row) => row.outcome === outcome).length;

/** Whether any row was refused as beyond what the caller may do. */
export const anyForbidden = (rows: readonly Row<unknown>[]): boolean =>
  rows.some((row) => 'refusal' in row && row.refusal.code === 'permission_denied');
