import { isIP } from 'node:net';

/**
 * How one kind of setting is read. `read` returns the value, or undefined when the text is not one; `expected` completes
 * "expected …" in the error and the documentation.
 */
export interface Kind<T> {
  expected: string;
  read(text: string): T | undefined;
}

export const port: Kind<number> = {
  expected: 'a port from 0 to 65535 (0: any free one)',
  read: (text) => whole(text, 0, 65_535),
};

export const count: Kind<number> = {
  expected: 'a whole number of at least 1',
  read: (text) => whole(text, 1, Number.MAX_SAFE_INTEGER),
};

export const countOrNone: Kind<number | null> = {
  expected: `${count.expected}, or none`,
  read: (text) => (text === 'none' ? null : count.read(text)),
};

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** In milliseconds. At most ten years, so that a date can always be reckoned from it. */
export const duration: Kind<number> = {
  expected: 'a duration such as 30s, 15m, 72h or 7d',
  read(text) {
    const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
    const milliseconds = Number(amount) * UNITS[unit as keyof typeof UNITS];
    return milliseconds >= 1 && milliseconds <= 3_650 * UNITS.d ? milliseconds : undefined;
  },
};

/** In milliseconds. Shorter than 100 ms a busy database would be asked without end; longer than a minute is no bound. */
export const lease: Kind<number> = {
  expected: 'a duration from 100ms to 60s',
  read(text) {
    const milliseconds = duration.read(text);
    return milliseconds !== undefined && milliseconds >= 100 && milliseconds <= 60_000 ? milliseconds : undefined;
  },
};

export const host: Kind<string> = {
  expected: 'an IP address or a host name',
  read: (text) => (isIP(text) !== 0 || /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text) ? text : undefined),
};

/** Without a slash at the end, so that paths can be put behind it. */
export const origin: Kind<string> = {
  expected: 'an http:// or https:// address without a path, such as https://access.example.com',
  read(text) {
    const url = URL.parse(text);
    if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
    return url.pathname === '/' && !/[?#@]/.test(text) ? url.origin : undefined;
  },
};

export const networks: Kind<string[]> = {
  expected: 'none, or IP addresses and networks with commas between them, such as 10.0.0.0/8,::1',
  read(text) {
    if (text === 'none') return [];
    const list = text.split(',').map((entry) => entry.trim());
    return list.every(isNetwork) ? list : undefined;
  },
};

export const folder: Kind<string> = { expected: 'the path of a folder', read: path };

export const file: Kind<string> = { expected: 'the path of a file', read: path };

export const postgresUrl: Kind<string> = {
  expected: 'a postgres:// URL',
  read: (text) => (hasScheme(text, ['postgres:', 'postgresql:']) ? text : undefined),
};

export const smtpUrl: Kind<string> = {
  expected: 'an smtp:// or smtps:// URL, such as smtps://user:password@mail.example.com',
  read: (text) => (hasScheme(text, ['smtp:', 'smtps:']) && URL.parse(text)?.hostname ? text : undefined),
};

/** The newest first. */
export const secrets: Kind<string[]> = {
  expected: 'at least 32 characters; older secrets may follow after commas',
  read(text) {
    const list = text.split(',').map((secret) => secret.trim());
    return list.every((secret) => secret.length >= 32) ? list : undefined;
  },
};

export const key: Kind<string> = {
  expected: 'at least 24 visible ASCII characters',
  read: (text) => (/^[\x21-\x7e]{24,}$/.test(text) ? text : undefined),
};

export const mailbox: Kind<string> = {
  expected: 'an e-mail address, or a name and an address: Latchkey <access@example.com>',
  read: (text) => (/^(?:[^<>\p{Cc}]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/u.test(text) ? text : undefined),
};

export function oneOf<const T extends string>(choices: readonly T[]): Kind<T> {
  return {
    expected: `one of ${choices.join(', ')}`,
    read: (text) => choices.find((choice) => choice === text.toLowerCase()),
  };
}

function whole(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || whole(prefix, 0, family === 4 ? 32 : 128) !== undefined;
}

function hasScheme(text: string, schemes: string[]): boolean {
  return schemes.includes(URL.parse(text)?.protocol ?? '');
}

function path(text: string): string | undefined {
  return text.includes('\0') ? undefined : text;
}
