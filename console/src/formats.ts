const units = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Dates and numbers as the reader writes them, in the reader's time zone. Dates come as the API writes them, RFC 3339. */
export class Formats {
  readonly #number: Intl.NumberFormat;
  readonly #date: Intl.DateTimeFormat;
  readonly #moment: Intl.DateTimeFormat;
  readonly #relative: Intl.RelativeTimeFormat;
  readonly #list: Intl.ListFormat;
  readonly #names: Intl.DisplayNames;

  /** @param tag `en-GB` */
  constructor(tag: string) {
    this.#number = new Intl.NumberFormat(tag);
    this.#date = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' });
    this.#moment = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' });
    this.#relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
    this.#list = new Intl.ListFormat(tag, { type: 'conjunction' });
    this.#names = new Intl.DisplayNames(tag, { type: 'language' });
  }

  /** `1,234` */
  number(value: number): string {
    return this.#number.format(value);
  }

  /** `22 Nov 2026` */
  date(written: string): string {
    return this.#date.format(new Date(written));
  }

  /** `22 Nov 2026, 09:41` */
  moment(written: string): string {
    return this.#moment.format(new Date(written));
  }

  /** `3 hours ago`, `in 6 days`; in the largest unit that fits. */
  relative(written: string, now: number = Date.now()): string {
    const seconds = (new Date(written).getTime() - now) / 1000;
    const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? (['second', 1] as const);
    if (unit === 'second') return this.#relative.format(0, 'second');
    return this.#relative.format(Math.trunc(seconds / length), unit);
  }

  /** `Contacts, Templates and Phone` */
  list(parts: readonly string[]): string {
    return this.#list.format(parts);
  }

  /** `German` for `de`. */
  languageName(tag: string): string {
    return this.#names.of(tag) ?? tag;
  }
}
