import recorded from './examples.json' with { type: 'json' };
import type { OperationName } from './index.ts';

/** A request and what it was answered. */
export interface Example {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  /** Headers of the reply beyond those that every reply has. */
  replyHeaders?: string[];
  /** One, or the parts of a stream. */
  replies: unknown[];
}

/**
 * Recorded from a running server by `UPDATE_GOLDEN=1 npx vitest run test/api/examples.test.ts`, from what test/api/story.ts
 * asks it. Ids, secrets and times are made up.
 */
export const examples: Partial<Record<OperationName, Example>> = recorded;
