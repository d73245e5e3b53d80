import { createHash } from 'node:crypto';
import type { Search } from '@latchkey/core/access/authzen.ts';
import { decide, isGranting } from '@latchkey/core/access/decision.ts';
import type { Question } from '@latchkey/core/access/vocabulary.ts';
import { Problem } from '@latchkey/core/problem.ts';
import type { AccessChecks } from '../../access/access-checks.ts';
import { findHeld, subjectType } from './decide-access.ts';

const pageAtMost = 1000;

/** What of these the subject of the search may do. */
export async function allowedOf(
  checks: AccessChecks,
  organizationId: string,
  search: Search,
  revision: number,
  questions: readonly Question[],
): Promise<Question[]> {
  if (search.subjectType !== subjectType) return [];
  const { held, plan } = await findHeld(checks, organizationId, search.subjectId ?? '', revision);
  return questions.filter((question) => isGranting(decide(held, question, plan, checks.feed.now())));
}

/** What is asked about one feature; undefined where the names mean nothing. */
export function questionOf(
  { vocabulary }: AccessChecks,
  search: Search,
  feature: string,
  permission: string,
): Question | undefined {
  if (search.resourceType !== vocabulary.resourceType) return undefined;
  const question = vocabulary.question(feature, permission);
  return typeof question === 'string' ? undefined : question;
}

/** One page of what was found in memory. */
export function paged(
  search: Search,
  all: readonly string[],
): { page: { next_token: string; count: number }; results: string[] } {
  const { limit, after } = readPage(search, '');
  const start = after === '' ? 0 : all.indexOf(after) + 1;
  const results = all.slice(start, start + limit);
  const more = start + results.length < all.length;
  const page = more
    ? { next_token: writeToken(search, limit, results.at(-1) ?? after), count: results.length }
    : lastPage(results.length);
  return { page, results };
}

export const lastPage = (count: number) => ({ next_token: '', count });

/** A token belongs to what was asked: with another question or another limit it is refused, as AuthZEN wants it. */
export const writeToken = (search: Search, limit: number, after: string): string =>
  Buffer.from(JSON.stringify([digest(search), limit, after])).toString('base64url');

/** Where a page begins, and how long it is. @param first what stands before everything; '' where names are paged, an id where members are */
export function readPage({ page, ...search }: Search, first: string): { limit: number; after: string } {
  if (page.token === undefined) return { limit: Math.min(page.limit ?? pageAtMost, pageAtMost), after: first };
  try {
    const [asked, limit, after]: unknown[] = JSON.parse(Buffer.from(page.token, 'base64url').toString('utf8'));
    const same = asked === digest(search) && (page.limit === undefined || Math.min(page.limit, pageAtMost) === limit);
    const whole =
      Number.isSafeInteger(limit) && (limit as number) >= 0 && typeof after === 'string' && !after.includes('\0');
    if (same && whole && (first === '' || isUuid(after)))
      return { limit: Math.min(limit as number, pageAtMost), after };
  } catch {
    // Whatever it was, it is not a token of ours.
  }
  throw new Problem('bad_request', 'page.token is not a token of this search; everything else has to stay as it was');
}

const digest = ({ asked }: { asked: string }): string =>
  createHash('sha256').update(asked).digest('base64url').slice(0, 22);

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
