import { Problem } from '@latchkey/core/problem.ts';

interface Bucket {
  tokens: number;
  at: number;
}

const maximumBuckets = 100_000;

/** Where the rate headers go: a reply of the framework, or one that is written without it. */
export interface RateHeaders {
  header(name: string, value: number): RateHeaders;
}

/** A limit of so many requests a second for each of many callers, with bursts of one second's worth. */
export interface RateLimit {
  /** @throws Problem `too_many_requests`; sets the rate headers either way */
  take(caller: string, reply: RateHeaders): void;
}

/** @param perSecond null for no limit */
export function rateLimit(perSecond: number | null, now: () => number = performance.now.bind(performance)): RateLimit {
  if (perSecond === null) return { take: () => {} };
  const buckets = new Map<string, Bucket>();
  const size = Math.max(1, perSecond);
  return {
    take(caller, reply) {
      const bucket = refill(buckets.get(caller), size, perSecond, now());
      buckets.delete(caller);
      // The oldest goes first: what is forgotten is at worst one burst that would have been refused.
      if (buckets.size >= maximumBuckets) buckets.delete(buckets.keys().next().value ?? '');
      buckets.set(caller, bucket);
      const allowed = bucket.tokens >= 1;
      if (allowed) bucket.tokens -= 1;
      const reset = Math.max(1, Math.ceil((size - bucket.tokens) / perSecond));
      reply
        .header('x-sib-ratelimit-limit', Math.floor(size))
        .header('x-sib-ratelimit-remaining', Math.floor(bucket.tokens))
        .header('x-sib-ratelimit-reset', reset);
      if (!allowed) {
        const wait = Math.max(1, Math.ceil((1 - bucket.tokens) / perSecond));
        throw new Problem('too_many_requests', `Too many requests: at most ${perSecond} a second.`, [], wait);
      }
    },
  };
}

function refill(bucket: Bucket | undefined, size: number, perSecond: number, now: number): Bucket {
  if (!bucket) return { tokens: size, at: now };
  return { tokens: Math.min(size, bucket.tokens + ((now - bucket.at) / 1000) * perSecond), at: now };
}
