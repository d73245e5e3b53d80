import type { ChangeMembersInput, ChangeMembersReply, Latchkey } from '@latchkey/client';

/** One request about at most a hundred people. The key makes it happen once, however often it is sent. */
export interface BulkCall {
  input: Omit<ChangeMembersInput, 'dry_run'>;
  idempotencyKey: string;
}

/** What became of one person, or would. */
export type Outcome = Omit<ChangeMembersReply['results'][number], 'error'> & {
  error?: ChangeMembersReply['results'][number]['error'];
  /** Has everything, which single permissions neither add to nor can be taken from. */
  hasEverything?: boolean;
};

const mostAtOnce = 100;

/** As many requests as it takes to do the same to all of these people. */
export function callsFor(
  emails: readonly string[],
  change: Omit<ChangeMembersInput, 'emails' | 'dry_run'>,
): BulkCall[] {
  const batches = Math.ceil(emails.length / mostAtOnce);
  return Array.from({ length: batches }, (_, batch) => ({
    input: { ...change, emails: emails.slice(batch * mostAtOnce, (batch + 1) * mostAtOnce) },
    idempotencyKey: newKey(),
  }));
}

/** The same requests for only some of their people. */
export const callsWithin = (calls: readonly BulkCall[], emails: ReadonlySet<string>): BulkCall[] =>
  calls
    .map(({ input }) => ({
      input: { ...input, emails: input.emails.filter((email) => emails.has(email)) },
      idempotencyKey: newKey(),
    }))
    .filter(({ input }) => input.emails.length > 0);

/** The same requests, with one person by themselves and last: who takes their own rights away can do no more after that. */
export function withLast(calls: readonly BulkCall[], email: string): BulkCall[] {
  const theirs = callsWithin(calls, new Set([email]));
  if (theirs.length === 0) return [...calls];
  const others = new Set(calls.flatMap(({ input }) => input.emails).filter((one) => one !== email));
  return [...callsWithin(calls, others), ...theirs];
}

export const peopleIn = (calls: readonly BulkCall[]): number =>
  calls.reduce((sum, { input }) => sum + input.emails.length, 0);

/** @throws LatchkeyError where the request as a whole came to nothing */
export async function outcomesOf(
  latchkey: Latchkey,
  { input, idempotencyKey }: BulkCall,
  { dryRun, signal }: { dryRun: boolean; signal?: AbortSignal },
): Promise<Outcome[]> {
  const reply = dryRun
    ? await latchkey.changeMembers({ ...input, dry_run: true }, { signal })
    : await latchkey.changeMembers(input, { idempotencyKey, signal });
  return reply.results;
}

/** `randomUUID` is there on secure pages only. */
const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');
