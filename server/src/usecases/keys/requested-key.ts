import { isIP } from 'node:net';
import { Problem, type ProblemDetail, problem } from '@latchkey/core/problem.ts';

/** When a key shall end. @throws Problem `invalid_parameter` for a moment that is past or none */
export function readExpiry(expiresAt: string | null | undefined): Date | null {
  if (expiresAt === undefined || expiresAt === null) return null;
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

/** Addresses and ranges. @throws Problem `invalid_parameter`, reason `invalid_ip`, naming each that is none */
export function readAllowedIps(allowedIps: readonly string[] = []): string[] {
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
