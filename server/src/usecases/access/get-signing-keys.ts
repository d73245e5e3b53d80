import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { Outcome, PublicCall } from '../call.ts';

export const getSigningKeys = async ({
  checks,
  tokens,
}: PublicCall): Promise<Outcome<Reply<Api['getSigningKeys']>>> => {
  await checks.feed.current();
  return { body: { keys: await tokens.publicKeys(checks.feed.now()) } };
};
