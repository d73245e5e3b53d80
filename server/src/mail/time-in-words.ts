import { formattingTag } from './language.ts';

/** In UTC, and saying so, because nobody knows where the reader is. */
export function dateInWords(date: Date, locale: string): string {
  return new Intl.DateTimeFormat(formattingTag(locale), {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(date);
}

const minute = 60_000;
const hour = 60 * minute;

/** Whole days where it is whole days to the hour (a mail leaves seconds after it was asked for), hours or minutes elsewhere. */
export function durationInWords(milliseconds: number, locale: string): string {
  const say = (count: number, unit: 'day' | 'hour' | 'minute') =>
    new Intl.NumberFormat(formattingTag(locale), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  const hours = Math.round(milliseconds / hour);
  if (hours >= 7 * 24 || (hours >= 48 && hours % 24 === 0)) return say(Math.round(hours / 24), 'day');
  if (hours >= 3) return say(hours, 'hour');
  return say(Math.max(0, Math.round(milliseconds / minute)), 'minute');
}
