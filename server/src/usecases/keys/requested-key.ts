import { isIP } from 'node:net';
import type { KeyLimits } from '@latchkey/core/actor.ts';
import { Problem, type ProblemDetail, problem } from '@latchkey/core/problem.ts';
import { rangeWithin } from './address-ranges.ts';

/**
 * The limits of a new key: as asked for, and those of the key that makes it where nothing is asked. A key that ends, or
 * may only be used from some places, cannot make one that goes further.
 * @throws Problem `invalid_parameter` (not_in_the_future, invalid_ip) or `permission_denied` (grant_ceiling)
 */
export function limitsOfNewKey(
  maker: KeyLimits,
  asked: { expires_at?: string | null; allowed_ips?: string[] },
): KeyLimits {
  const limits = {
    expiresAt: asked.expires_at === undefined ? maker.expiresAt : readExpiry(asked.expires_at),
    allowedIps: asked.allowed_ips === undefined ? maker.allowedIps : readAllowedIps(asked.allowed_ips),
  };
  requireLimits(maker, limits);
  return limits;
}

/** @throws Problem `permission_denied`, reason `grant_ceiling`, where a key would last longer or reach further than its maker */
export function requireLimits(maker: KeyLimits, given: KeyLimits): void {
  const lasts = maker.expiresAt === null || (given.expiresAt !== null && given.expiresAt <= maker.expiresAt);
  if (!lasts)
    throw beyondLimits(
      'expires_at',
      `This key ends at ${maker.expiresAt?.toISOString()}, and gives nothing that lasts longer.`,
    );
  const within = given.allowedIps.length > 0 && given.allowedIps.every((range) => rangeWithin(maker.allowedIps, range));
  if (maker.allowedIps.length > 0 && !within) {
    throw beyondLimits(
      'allowed_ips',
      'This key may only be used from some addresses, and gives nothing that may be used from others.',
    );
  }
}

const beyondLimits = (path: string, message: string): Problem =>
  problem('permission_denied', path, 'grant_ceiling', message);

function readExpiry(expiresAt: string | null): Date | null {
  if (expiresAt === null) return null;
  const moment = new Date(expiresAt);
  if (Number.isNaN(moment.getTime()) || moment.getTime() <= Date.now()) {
    throw problem(
      'invalid_parameter',
      'expires_at',
      'not_in_the_future',
      'expires_at is a moment in the future, as in 2030-01-31T00:00:00Z',
    );
  }
  return moment;
}

function readAllowedIps(allowedIps: readonly string[]): string[] {
  const mistakes: ProblemDetail[] = allowedIps.flatMap((written, index) =>
    isAddressRange(written)
      ? []
      : [
          {
            path: `allowed_ips[${index}]`,
            reason: 'invalid_ip',
            message: `not an address or CIDR range: ${JSON.stringify(written.slice(0, 60))}`,
          },
        ],
  );
  if (mistakes[0]) throw new Problem('invalid_parameter', mistakes[0].message, mistakes.slice(0, 20));
  return [...allowedIps];
}

function isAddressRange(written: string): boolean {
  const [address = '', prefix, ...rest] = written.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0 || address.includes('%')) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}
