import { isEmail } from '@latchkey/core/email.ts';
import { nearest } from '@latchkey/core/suggestion.ts';
import * as kinds from './config-values.ts';
import { OperatorError } from './operator-error.ts';

/** What the operator decided, read and checked. Durations are milliseconds; null means: not set, or none. */
export interface Config {
  port: number;
  host: string;
  publicUrl: string;
  trustProxy: string[];
  dataDir: string;
  databaseUrl: string | null;
  databaseOwnerUrl: string | null;
  databaseListenUrl: string | null;
  databasePool: number;
  smtpUrl: string | null;
  mailFrom: string;
  mailConnections: number;
  /** The newest first; empty when none is set, then see loadSecrets(). */
  secrets: string[];
  catalogueFile: string | null;
  ownerEmail: string | null;
  apiKey: string | null;
  partnerKey: string | null;
  accessLease: number;
  accessIndexMembers: number;
  invitationTtl: number;
  idempotencyTtl: number;
  signInLinkTtl: number;
  sessionTtl: number;
  sessionIdle: number;
  rateLimit: number | null;
  rateLimitAddress: number | null;
  mailRateRecipient: number | null;
  mailRateOrganization: number | null;
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
}

/** One setting: its name in the environment, how it is read, what holds without it, and why it exists. */
export interface Setting<T> {
  name: string;
  kind: kinds.Kind<Exclude<T, null>> | kinds.Kind<T>;
  /** As it would be written in the environment; absent means that nothing is set. */
  default?: string;
  /** What happens without a value, where that is not simply `default`. */
  otherwise?: string;
  /** The value must not be repeated in an error. */
  secret?: true;
  why: string;
}

/** Every setting, once. `docs/configuration.md` is made from this. */
export const settings: { [Field in keyof Config]: Setting<Config[Field]> } = {
  port: { name: 'PORT', kind: kinds.port, default: '8080', why: 'Where the server listens.' },
  host: {
    name: 'HOST',
    kind: kinds.host,
    default: '127.0.0.1',
    why: 'The address it listens on. Only this machine by default, since a proxy that ends TLS belongs in front; 0.0.0.0 or :: opens it to the network.',
  },
  publicUrl: {
    name: 'PUBLIC_URL',
    kind: kinds.origin,
    otherwise: 'http://localhost: and PORT',
    why: 'The address people reach the server at. Links in mails begin with it, so it must be right before the first invitation goes out.',
  },
  trustProxy: {
    name: 'TRUST_PROXY',
    kind: kinds.networks,
    default: 'none',
    why: 'Whose X-Forwarded-For is believed. Who may write that header may pretend any address, so only your own proxies belong here. Allowed addresses of keys, rate limits and the audit rest on it.',
  },
  dataDir: {
    name: 'DATA_DIR',
    kind: kinds.folder,
    default: './data',
    why: 'The folder of the embedded database, of a made-up secret and of made-up first keys.',
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    kind: kinds.postgresUrl,
    otherwise: 'the embedded PostgreSQL in DATA_DIR',
    secret: true,
    why: 'A PostgreSQL of your own, 15 or newer, in UTF-8. Several servers may share it.',
  },
  databaseOwnerUrl: {
    name: 'DATABASE_OWNER_URL',
    kind: kinds.postgresUrl,
    otherwise: 'DATABASE_URL',
    secret: true,
    why: 'The same database as another role, which owns and migrates it. Then the role of DATABASE_URL needs no rights of its own: it is granted what it uses, and cannot alter tables or change the audit.',
  },
  databaseListenUrl: {
    name: 'DATABASE_LISTEN_URL',
    kind: kinds.postgresUrl,
    otherwise: 'DATABASE_URL',
    secret: true,
    why: 'The same database past a connection pooler. Notifications do not come through one that shares connections between transactions.',
  },
  databasePool: {
    name: 'DATABASE_POOL',
    kind: kinds.count,
    default: '20',
    why: 'Connections this server opens at most. All servers together must stay below what the database allows.',
  },
  smtpUrl: {
    name: 'SMTP_URL',
    kind: kinds.smtpUrl,
    otherwise: 'messages wait in the outbox',
    secret: true,
    why: 'The mail server. Without one, nothing is sent; the link of an invitation can be copied by who may.',
  },
  mailFrom: {
    name: 'MAIL_FROM',
    kind: kinds.mailbox,
    otherwise: 'no-reply@ and the host of PUBLIC_URL',
    why: 'The sender of mails. Use a domain that your mail server may send for, or they end up as spam.',
  },
  mailConnections: {
    name: 'MAIL_CONNECTIONS',
    kind: kinds.count,
    default: '1',
    why: 'Messages that are sent at the same time. A crash between sending and noting it sends a message again, so this is also how many may arrive twice after one.',
  },
  secrets: {
    name: 'LATCHKEY_SECRET',
    kind: kinds.secrets,
    otherwise: 'made up and kept in DATA_DIR; required with DATABASE_URL',
    secret: true,
    why: 'Links in mails are derived from it. To change it put the new one first and leave the old ones behind it until their links have expired. A backup does not contain it: keep it as you keep the backup, or open invitations die.',
  },
  catalogueFile: {
    name: 'LATCHKEY_CATALOGUE',
    kind: kinds.file,
    otherwise: 'the built-in catalogue',
    why: 'Your own features, permissions and plans, as one JSON file. A mistake in it stops the start.',
  },
  ownerEmail: {
    name: 'LATCHKEY_OWNER_EMAIL',
    kind: { expected: 'an e-mail address', read: (text) => (isEmail(text) ? text : undefined) },
    otherwise: 'an invented one',
    why: 'The first owner of the first organization. Used by the first start only.',
  },
  apiKey: {
    name: 'LATCHKEY_API_KEY',
    kind: kinds.key,
    otherwise: 'made up and printed',
    secret: true,
    why: 'The first api key, for set-ups without hands. Used by the first start only.',
  },
  partnerKey: {
    name: 'LATCHKEY_PARTNER_KEY',
    kind: kinds.key,
    otherwise: 'made up and printed',
    secret: true,
    why: 'The first partner key. Used by the first start only.',
  },
  accessLease: {
    name: 'ACCESS_LEASE',
    kind: kinds.lease,
    default: '1s',
    why: 'How long an answer of the database about access may be relied on: the longest that a revoked permission can still be answered yes, whatever fails. Changes usually arrive within milliseconds; five questions a lease keep it when they do not.',
  },
  accessIndexMembers: {
    name: 'ACCESS_INDEX_MEMBERS',
    kind: kinds.count,
    default: '1000000',
    why: 'Members whose access is kept in memory at most, as they are asked for; their table takes about 90 MB for a million. Beyond that those who were not asked for lately are read again.',
  },
  invitationTtl: {
    name: 'INVITATION_TTL',
    kind: kinds.duration,
    default: '72h',
    why: 'How long an invitation can be accepted. Whoever reads the mailbox later finds a dead link.',
  },
  signInLinkTtl: {
    name: 'SIGN_IN_LINK_TTL',
    kind: kinds.duration,
    default: '15m',
    why: 'How long a mailed sign-in link is good, once. Whoever reads the mailbox later finds a dead link.',
  },
  sessionTtl: {
    name: 'SESSION_TTL',
    kind: kinds.duration,
    default: '7d',
    why: 'After how long people sign in to the console again, however much they use it.',
  },
  sessionIdle: {
    name: 'SESSION_IDLE',
    kind: kinds.duration,
    default: '24h',
    why: 'A session that nobody uses for so long is over: a forgotten browser does not stay open for a week.',
  },
  idempotencyTtl: {
    name: 'IDEMPOTENCY_TTL',
    kind: kinds.duration,
    default: '24h',
    why: 'How long a repeated Idempotency-Key gets the first answer again. Longer than the longest retry of your clients.',
  },
  rateLimit: {
    name: 'RATE_LIMIT',
    kind: kinds.countOrNone,
    default: 'none',
    why: 'Requests a second for each key. None by default: a key is yours, and a limit that is too low breaks an import.',
  },
  rateLimitAddress: {
    name: 'RATE_LIMIT_ADDRESS',
    kind: kinds.countOrNone,
    default: '50',
    why: 'Requests a second for each client address on what needs no key: the operations that an invitation link opens, and those that sign in. An IPv6 address counts by its /64. It slows down whoever guesses.',
  },
  mailRateRecipient: {
    name: 'MAIL_RATE_RECIPIENT',
    kind: kinds.countOrNone,
    default: '5',
    why: 'Mails an hour to one address, from all organizations together, so that nobody is bombed with invitations.',
  },
  mailRateOrganization: {
    name: 'MAIL_RATE_ORGANIZATION',
    kind: kinds.countOrNone,
    default: 'none',
    why: 'Mails an hour from one organization. Set it where strangers can open organizations.',
  },
  logLevel: {
    name: 'LOG_LEVEL',
    kind: kinds.oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    why: 'From where on a line is worth writing.',
  },
};

/** Names every setting that is wrong, and what was expected; never repeats a secret. */
export class ConfigError extends OperatorError {
  override name = 'ConfigError';
  readonly problems: string[];

  constructor(problems: string[]) {
    super(`The configuration is not right:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;

/** Reads all settings from the environment; an empty value counts as absent. Throws ConfigError with everything that is wrong. */
export function readConfig(environment: Environment): Config {
  const problems: string[] = [];
  const read = <T>(setting: Setting<T>): T => readSetting(setting, environment, problems);
  const fields = Object.entries(settings).map(([field, setting]) => [field, read(setting as Setting<unknown>)]);
  const config = Object.fromEntries(fields) as Config;

  problems.push(...contradictions(environment), ...unknownNames(environment));
  if (problems.length > 0) throw new ConfigError(problems);

  config.secrets ??= [];
  config.publicUrl ??= `http://localhost:${config.port}`;
  config.mailFrom ??= `Latchkey <no-reply@${hostnameOf(config.publicUrl)}>`;
  return config;
}

function readSetting<T>(setting: Setting<T>, environment: Environment, problems: string[]): T {
  const text = environment[setting.name]?.trim() || setting.default;
  if (text === undefined) return null as T;
  const value = setting.kind.read(text);
  if (value === undefined) {
    const hidden = setting.secret || /:\/\/.*@/.test(text);
    const given = hidden ? 'what is set is not shown' : `not ${JSON.stringify(text)}`;
    problems.push(`${setting.name}: expected ${setting.kind.expected} (${given})`);
  }
  return value as T;
}

/** Looks at what is set, right or wrong, so that a wrong value is not called missing as well. */
function contradictions(environment: Environment): string[] {
  const set = (field: keyof Config) => Boolean(environment[settings[field].name]?.trim());
  const problems: string[] = [];
  if (set('databaseUrl') && !set('secrets')) {
    problems.push(
      'LATCHKEY_SECRET: required with DATABASE_URL, so that every server on that database has the same; expected ' +
        `${settings.secrets.kind.expected}. Make one with: openssl rand -base64 33`,
    );
  }
  const keys = [settings.apiKey, settings.partnerKey].map(({ name }) => environment[name]?.trim());
  if (keys[0] && keys[0] === keys[1]) problems.push('LATCHKEY_PARTNER_KEY: expected another key than LATCHKEY_API_KEY');
  for (const field of ['databaseOwnerUrl', 'databaseListenUrl'] as const) {
    if (set(field) && !set('databaseUrl'))
      problems.push(`${settings[field].name}: has no meaning without DATABASE_URL`);
  }
  return problems;
}

/** A misspelt name would otherwise be a setting that silently does nothing. Only names that are ours beyond doubt are looked at. */
function unknownNames(environment: Environment): string[] {
  const names = Object.values(settings).map(({ name }) => name);
  return Object.keys(environment)
    .filter((name) => name.startsWith('LATCHKEY_') && !names.includes(name))
    .map((name) => {
      const meant = nearest(name, names);
      return `${name}: there is no such setting${meant ? `; did you mean ${meant}?` : ''}`;
    });
}

/** In an address a bare IP stands in brackets (RFC 5321 §4.1.3). */
function hostnameOf(url: string): string {
  const { hostname } = new URL(url);
  return /^[\d.]+$/.test(hostname) ? `[${hostname}]` : hostname;
}
