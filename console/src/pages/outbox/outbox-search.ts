import type { Delivery } from '@latchkey/client';

export const states = ['queued', 'sent', 'failed'] as const satisfies readonly Delivery['state'][];

/** What the address of this page says besides its path. */
export interface OutboxSearch {
  state?: Delivery['state'];
  /** Only messages to this address. */
  email?: string;
}

/** Takes from an address what this page understands, and passes over the rest. */
export function readOutboxSearch({ state, email }: Record<string, unknown>): OutboxSearch {
  const known = states.find((one) => one === state);
  return {
    ...(known && { state: known }),
    ...(typeof email === 'string' && /.@./.test(email) && { email: email.slice(0, 400) }),
  };
}
