import type { ActivityExport } from '@latchkey/client';
import type { AuditAction } from '../../words/en/events.ts';
import { isAction } from './action-groups.ts';

/** What the address of this page says besides its path. */
export interface ActivitySearch {
  /** From this day on, `2026-11-21`, as the reader's calendar has it. */
  from?: string;
  /** Up to and including this day. */
  to?: string;
  action?: AuditAction;
  outcome?: 'done' | 'refused';
  /** The address of the person it was done to. */
  email?: string;
  /** Who did it: the address of a person, or the id of a person or a key. */
  by?: string;
}

/** Takes from an address what this page understands, and passes over the rest. */
export function readActivitySearch({ from, to, action, outcome, email, by }: Record<string, unknown>): ActivitySearch {
  return {
    ...(isDay(from) && { from }),
    ...(isDay(to) && { to }),
    ...(isAction(action) && { action }),
    ...((outcome === 'done' || outcome === 'refused') && { outcome }),
    ...(isText(email) && { email: email.trim().slice(0, 400) }),
    ...(isText(by) && { by: by.trim().slice(0, 400) }),
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

/** Whether anything may be left out. */
export const isFiltered = (search: ActivitySearch): boolean =>
  Object.values(search).some((filter) => filter !== undefined);

export const endsBeforeItBegins = ({ from, to }: ActivitySearch): boolean =>
  from !== undefined && to !== undefined && to < from;

/** As the API asks for it: the reader's days, as moments. */
export function activityFilter({
  from,
  to,
  action,
  outcome,
  email,
  by,
}: ActivitySearch): Omit<ActivityExport, 'format'> {
  return {
    startDate: from && beginOf(from, 0),
    endDate: to && beginOf(to, 1),
    action,
    outcome,
    email,
    actor: by,
  };
}

/** The first moment of a day of the reader's, or of one so many days later. */
function beginOf(day: string, daysLater: number): string {
  const moment = new Date(`${day}T00:00:00`);
  moment.setDate(moment.getDate() + daysLater);
  return moment.toISOString();
}

function isDay(value: unknown): value is string {
  if (typeof value !== 'string' || !/^(19|20)\d\d-\d\d-\d\d$/.test(value)) return false;
  const midnight = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(value);
}
