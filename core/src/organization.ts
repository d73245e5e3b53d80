/** The tenant; every row belongs to exactly one. */
export interface Organization {
  id: string;
  name: string;
  plan: string;
  /** Overrides the plan's number of seats; null leaves the plan's own. */
  seats: number | null;
  locale: string;
  /** Where people go after joining. */
  redirectUrl: string | null;
  partnerId: string | null;
}
