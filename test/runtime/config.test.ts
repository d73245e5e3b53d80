import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ConfigError, readConfig, settings } from '../../server/src/config.ts';

const secret = 's'.repeat(32);

test('without any setting everything has a value that works on one machine', () => {
  expect(readConfig({})).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    publicUrl: 'http://localhost:8080',
    trustProxy: [],
    dataDir: './data',
    databaseUrl: null,
    databasePool: 20,
    smtpUrl: null,
    mailFrom: 'Latchkey <no-reply@localhost>',
    secrets: [],
    invitationTtl: 72 * 3_600_000,
    idempotencyTtl: 24 * 3_600_000,
    rateLimit: null,
    rateLimitAddress: 50,
    mailRateRecipient: 5,
    logLevel: 'info',
  });
});

test('an empty value counts as absent', () => {
  expect(readConfig({ PORT: '', SMTP_URL: ' ', DATABASE_URL: '' })).toEqual(readConfig({}));
});

test('links and the sender follow the port and the public address', () => {
  expect(readConfig({ PORT: '9000' }).publicUrl).toBe('http://localhost:9000');
  expect(readConfig({ PUBLIC_URL: 'https://access.example.com/' })).toMatchObject({
    publicUrl: 'https://access.example.com',
    mailFrom: 'Latchkey <no-reply@access.example.com>',
  });
  expect(readConfig({ PUBLIC_URL: 'http://192.0.2.1:8080' }).mailFrom).toBe('Latchkey <no-reply@[192.0.2.1]>');
});

test.each([
  ['30s', 30_000],
  ['15m', 900_000],
  ['72h', 259_200_000],
  ['7d', 604_800_000],
])('the duration %s is understood', (text, milliseconds) => {
  expect(readConfig({ INVITATION_TTL: text }).invitationTtl).toBe(milliseconds);
});

test('proxies are addresses and networks of both kinds', () => {
  expect(readConfig({ TRUST_PROXY: '10.0.0.0/8, ::1,fd00::/8' }).trustProxy).toEqual(['10.0.0.0/8', '::1', 'fd00::/8']);
  expect(readConfig({ TRUST_PROXY: 'none' }).trustProxy).toEqual([]);
});

test('older secrets follow the newest after commas', () => {
  expect(readConfig({ LATCHKEY_SECRET: `${'n'.repeat(32)},${'o'.repeat(40)}` }).secrets).toEqual([
    'n'.repeat(32),
    'o'.repeat(40),
  ]);
});

test.each([
  ['PORT', '80a', /a port from 0 to 65535.*"80a"/],
  ['PORT', '70000', /a port from 0 to 65535/],
  ['HOST', 'my host', /an IP address or a host name/],
  ['PUBLIC_URL', 'access.example.com', /an http:\/\/ or https:\/\/ address without a path/],
  ['PUBLIC_URL', 'https://example.com/access', /without a path/],
  ['PUBLIC_URL', 'https://example.com/?', /without a path/],
  ['TRUST_PROXY', '10.0.0.0/33', /IP addresses and networks/],
  ['TRUST_PROXY', 'true', /none, or IP addresses/],
  ['INVITATION_TTL', '72', /a duration such as/],
  ['INVITATION_TTL', '0h', /a duration such as/],
  ['RATE_LIMIT', '0', /a whole number of at least 1, or none/],
  ['RATE_LIMIT_ADDRESS', '-5', /a whole number/],
  ['DATABASE_POOL', '2.5', /a whole number/],
  ['SMTP_URL', 'mail.example.com', /an smtp:\/\/ or smtps:\/\/ URL/],
  ['MAIL_FROM', 'somebody', /an e-mail address/],
  ['MAIL_FROM', 'A <a@example.com>\r\nBcc: b@example.com', /an e-mail address/],
  ['LATCHKEY_OWNER_EMAIL', 'somebody', /an e-mail address/],
  ['LATCHKEY_API_KEY', 'short', /at least 24 visible ASCII characters/],
  ['LATCHKEY_PARTNER_KEY', `${'k'.repeat(30)} `.repeat(2), /visible ASCII/],
  ['LATCHKEY_SECRET', `${secret},short`, /at least 32 characters/],
  ['LOG_LEVEL', 'loud', /one of trace, debug, info/],
])('%s=%s stops the start with what was expected', (name, value, message) => {
  expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
  expect(() => readConfig({ [name]: value })).toThrow(message);
  expect(() => readConfig({ [name]: value })).toThrow(name);
});

test('every mistake is named at once', () => {
  const problems = problemsOf({ PORT: 'x', LOG_LEVEL: 'x', RATE_LIMIT: 'x' });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(['PORT', 'RATE_LIMIT', 'LOG_LEVEL']);
});

test('an error repeats no secret', () => {
  const environment = {
    DATABASE_URL: 'mysql://root:hunter2@db/app',
    DATABASE_OWNER_URL: 'hunter2',
    SMTP_URL: 'ftp://me:hunter2@mail',
    PUBLIC_URL: 'https://me:hunter2@example.com',
    LATCHKEY_SECRET: 'hunter2',
    LATCHKEY_API_KEY: 'hunter2',
    LATCHKEY_PARTNER_KEY: 'hunter2',
  };
  const problems = problemsOf(environment);
  // And that the two keys are the same one.
  expect(problems).toHaveLength(Object.keys(environment).length + 1);
  expect(problems.join('\n')).not.toContain('hunter2');
});

test('a database of your own needs a secret of your own, and the other addresses need it', () => {
  const url = 'postgres://latchkey:pw@db/latchkey';
  expect(problemsOf({ DATABASE_URL: url })).toEqual([
    expect.stringMatching(/^LATCHKEY_SECRET: required with DATABASE_URL/),
  ]);
  expect(problemsOf({ DATABASE_OWNER_URL: url })).toEqual(['DATABASE_OWNER_URL: has no meaning without DATABASE_URL']);
  expect(readConfig({ DATABASE_URL: url, LATCHKEY_SECRET: secret }).databaseUrl).toBe(url);
});

test('a misspelt name of ours is an error with the name that was meant; those of others are not looked at', () => {
  expect(problemsOf({ LATCHKEY_CATALOG: 'x.json' })).toEqual([
    'LATCHKEY_CATALOG: there is no such setting; did you mean LATCHKEY_CATALOGUE?',
  ]);
  expect(problemsOf({ LATCHKEY_ZZZZZZZZZZ: '1' })).toEqual(['LATCHKEY_ZZZZZZZZZZ: there is no such setting']);
  expect(readConfig({ PATH: '/bin', PORTS: '1' })).toEqual(readConfig({}));
});

test('every setting has a name of its own and says why it exists', () => {
  const all = Object.values(settings);
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  for (const { why } of all) expect(why).toMatch(/\.$/);
});

test('docs/configuration.md is what the declarations say', () => {
  const script = fileURLToPath(new URL('../../scripts/configuration-doc.ts', import.meta.url));
  execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
});

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
}
