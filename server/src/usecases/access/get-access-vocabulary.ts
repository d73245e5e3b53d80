import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { Outcome, PublicCall } from '../call.ts';

/** The names that access is asked in, with their bits. It names features, as every join page does, and nobody's access. */
export const getAccessVocabulary = async ({
  checks,
}: PublicCall): Promise<Outcome<Reply<Api['getAccessVocabulary']>>> => ({ body: checks.vocabulary.data });
