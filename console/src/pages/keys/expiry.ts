export const expiryChoices = ['30', '90', '365', 'day', 'never'] as const;

/** After so many days, on a day, or never. */
export interface Expiry {
  choice: (typeof expiryChoices)[number];
  /** `2027-01-31`, as the reader's calendar has it: the last day of the key. */
  day: string;
}

/**
 * As the API takes it.
 * @returns null for never; undefined where no day was chosen, or one that is over
 */
export function expiresAt({ choice, day }: Expiry, now: Date = new Date()): string | null | undefined {
  if (choice === 'never') return null;
  const moment = choice === 'day' ? new Date(`${day}T00:00:00`) : new Date(now);
  if (Number.isNaN(moment.getTime())) return undefined;
  moment.setDate(moment.getDate() + (choice === 'day' ? 1 : Number(choice)));
  return moment > now && moment.getFullYear() < 10_000 ? moment.toISOString() : undefined;
}
