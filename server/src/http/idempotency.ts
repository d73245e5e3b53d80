import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { problem } from '@latchkey/core/problem.ts';
import type { Database } from '../store/database.ts';
import { claimIdempotencyKey, keepReply } from '../store/idempotency.ts';
import type { Outcome } from '../usecases/call.ts';

const form = /^[\x21-\x7e]{1,255}$/;

/**
 * Runs `work` at most once for an Idempotency-Key: its effect and its answer are committed together, and a repetition
 * gets that answer. Answers are kept encrypted, since some carry new keys.
 * @param scope whose key it is: the same word of another credential is another key
 * @throws Problem `duplicate_request` where the key was used for another request
 */
export async function idempotently<B>(
  {
    db,
    sealKeys,
    scope,
    key,
    request,
  }: { db: Database; sealKeys: readonly Buffer[]; scope: string; key: string; request: unknown },
  work: (db: Database) => Promise<Outcome<B>>,
): Promise<Outcome<B>> {
  if (!form.test(key))
    throw problem(
      'invalid_parameter',
      'idempotency-key',
      'invalid_format',
      'Idempotency-Key is 1 to 255 visible ASCII characters.',
    );
  const digest = createHash('sha256').update(JSON.stringify(request)).digest();
  return db.transaction(async (transaction) => {
    const before = await claimIdempotencyKey(transaction, scope, key, digest);
    if (before) {
      if (!digest.equals(before.request_digest) || !before.reply) {
        throw problem(
          'duplicate_request',
          'idempotency-key',
          'key_reused',
          'This Idempotency-Key was used for another request before; choose a new one.',
        );
      }
      return JSON.parse(unseal(sealKeys, before.reply)) as Outcome<B>;
    }
    const outcome = await work(transaction);
    // Never a session: whoever repeats a request is answered, and not signed in again.
    const { session: _, repeated = outcome.body, ...kept } = outcome;
    await keepReply(transaction, scope, key, 200, seal(sealKeys, JSON.stringify({ ...kept, body: repeated })));
    return outcome;
  });
}

function seal([newest]: readonly Buffer[], text: string): Buffer {
  if (!newest) throw new Error('no key to seal with');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', newest, nonce);
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function unseal(keys: readonly Buffer[], sealed: Buffer): string {
  for (const key of keys) {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
    } catch {
      // Sealed with another of our secrets; the next one may fit.
    }
  }
  throw problem(
    'duplicate_request',
    'idempotency-key',
    'reply_unreadable',
    'The answer to this request was sealed with a secret that is gone; look at the result instead.',
  );
}
