import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import { askDatabase, type ServerProcess, startServerProcess } from '../crash/server-process.ts';
import { type MailPeer, refusal, startMailPeer } from '../mail/mail-peer.ts';
import { eventually, temporaryFolder } from '../runtime/temporary-database.ts';
import { makePasskey } from '../sign-in/software-authenticator.ts';
import { type Exchange, type Recorder, recorder, type Secrets, secretsIn } from './recorder.ts';

const invitations = '/v3/organization/user/invitation';
const smtpPassword = 'smtp-password-of-the-mail-server';
const contacts = [{ feature: 'contacts', permissions: ['view'] }];
const people = ['mei', 'tomas', 'noor', 'olga', 'bea', 'carl', 'dora'].map((name) => `${name}@acme.example`);

/** What was said while everything was done once, and much of it wrong; filled by the first test, looked at by the others. */
const said = { log: '', exchanges: [] as Exchange[], secrets: new Map() as Secrets };

/** Replies in which a secret is the answer to whoever asked for just that. */
const handsOut =
  /\/(api-keys|partner-keys)(\/[^/]+\/rotate)?$|\/subAccount\/key$|\/invitation\/link\/|\/access\/token$|\/options$/;
/** Those whose reply may begin a session; its secret stands in the cookie, and nowhere else in it. */
const begins = /^POST \/v3\/(sign-in(\/passkey)?|organization\/user\/invitation\/accept)$/;

test('a world goes through all operations and all kinds of failure', async () => {
  const dataDir = temporaryFolder();
  let takesLogin = true;
  const mailbox = await mailServer(() => takesLogin);
  const server = await startServerProcess(dataDir, {
    LOG_LEVEL: 'trace',
    SMTP_URL: `smtp://latchkey:${smtpPassword}@127.0.0.1:${mailbox.port}?tls=never`,
    LATCHKEY_OWNER_EMAIL: 'ada@example.com',
  });
  said.secrets.set('the password of the mail server', smtpPassword);
  for (const name of ['api-key', 'partner-key', 'secret'])
    keep(`the file ${name}`, readFileSync(join(dataDir, name), 'utf8').trim());
  const ada = recorderOf(server, { 'api-key': said.secrets.get('the file api-key') ?? '' });
  const partner = recorderOf(server, { 'partner-key': said.secrets.get('the file partner-key') ?? '' });
  const anybody = recorderOf(server, {});

  await signInAsOwner(server);
  await goRight(ada, partner, anybody, recorderOf(server, ownPage), mailbox, () => signInAsMember(server, mailbox));
  await goWrong(ada, partner, anybody);
  await failInside(ada, anybody, recorderOf(server, ownPage), dataDir);
  takesLogin = false;
  mailbox.dropConnections();
  await refuseTheLogin(ada);

  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
  await mailbox.close();
  said.log = server.output();
}, 120_000);

test('every operation was answered well once, and there was every kind of failure', () => {
  const well = said.exchanges.filter(({ status }) => status < 300).map(({ asked }) => asked.split('?')[0] ?? '');
  const missing = Object.entries<Operation>(api).filter(([, { method, path, protocol }]) => {
    const pattern = new RegExp(`^${method} ${protocol ? '' : '/v3'}${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return !well.some((asked) => pattern.test(asked));
  });
  expect(missing.map(([name]) => name)).toEqual([]);
  expect([...new Set(said.exchanges.map(({ status }) => status))].sort()).toEqual(
    expect.arrayContaining([200, 201, 400, 401, 403, 404, 405, 412, 500]),
  );
  expect(said.log).toContain('provoked');
  expect(said.log).toContain('the mail server refused the login');
  // Keys, links and tokens of each sort were met on the way.
  expect([...said.secrets.keys()]).toEqual(
    expect.arrayContaining([
      'mailed link to mei@acme.example',
      'revealed link',
      'api key made',
      'api key rotated',
      'partner key made',
      'access token',
      'session begun by the operator’s link',
      'session begun by joining',
      'session begun by a mailed link',
      'session begun by a passkey',
    ]),
  );
});

test('T7 T21: no log line contains a key, a token, a link, a password, or what a mail says', () => {
  const leaks = said.log
    .split('\n')
    // On its first start the server tells whoever started it how to sign in, in words of no log line.
    .filter((line) => !/^ {2}http\S+\/console\/sign-in#\S+$/.test(line))
    .flatMap((line) => secretsIn(line, said.secrets).map((what) => `${what}: ${line.slice(0, 300)}`));
  expect(leaks).toEqual([]);
});

test('no log line tells whom a request that failed inside was about', () => {
  const lines = said.log.split('\n').filter((line) => people.some((person) => line.includes(person)));
  expect(lines.map((line) => line.slice(0, 400))).toEqual([]);
});

test('T5 T7: no reply contains a secret, but to whoever asked for just that; nor does any header or address', () => {
  const leaks = said.exchanges
    .filter(({ asked }) => !handsOut.test(asked.split('?')[0] ?? ''))
    .flatMap(({ asked, status, reply }) =>
      secretsIn(begins.test(asked) ? withoutCookie(reply) : reply, said.secrets).map(
        (what) => `${what} in ${asked} ${status}`,
      ),
    );
  expect(leaks).toEqual([]);
  const inAddresses = said.exchanges.filter(({ reply }) => /^location:.*(#|token|key)/im.test(reply));
  expect(inAddresses).toEqual([]);
});

test('failures answer in one shape, with no stack, no file, no SQL and nothing of PostgreSQL’s', () => {
  const failures = said.exchanges.filter(({ status }) => status >= 400);
  expect(failures.length).toBeGreaterThan(20);
  for (const { asked, status, reply } of failures) {
    const body = JSON.parse(reply.slice(reply.indexOf('\n\n') + 2));
    expect({ asked, keys: Object.keys(body).filter((key) => !['code', 'message', 'details'].includes(key)) }).toEqual({
      asked,
      keys: [],
    });
    expect(reply, asked).not.toMatch(
      / at .*:\d+:\d+|node:|node_modules|\.ts\b|\/server\/src|\bselect\b|\binsert into\b|relation|constraint|provoked|postgres/i,
    );
    if (status === 500)
      expect(body).toEqual({ code: 'internal_error', message: expect.stringContaining('request id') });
  }
});

function recorderOf(server: ServerProcess, credential: Record<string, string>): Recorder {
  const made = recorder(server.base.replace(/\/v3$/, ''), credential);
  return {
    exchanges: said.exchanges,
    ask: async (...request) => {
      const answer = await made.ask(...request);
      said.exchanges.push(...made.exchanges.splice(0));
      return answer;
    },
  };
}

function keep(what: string, secret: string): string {
  if (secret.length < 16) throw new Error(`${what} is no secret to look for: ${secret}`);
  said.secrets.set(what, secret);
  return secret;
}

const tokenIn = (link: string): string => link.slice(link.indexOf('#') + 1);

/** A mail server that wants a login, and repeats the password when it does not like it. */
function mailServer(takesLogin: () => boolean): Promise<MailPeer> {
  return startMailPeer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth({ username, password }, _session, done) {
      if (takesLogin() && password === smtpPassword) done(null, { user: username });
      else done(refusal(535, `5.7.8 no such login: ${username} ${password}`));
    },
  });
}

const ownPage = { 'latchkey-session': '1' };

/** The secret of the session that an answer begins. */
const secretBegun = ({ headers }: Answer): string =>
  /^latchkey-session=([^;]+);/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';

const withoutCookie = (reply: string): string => reply.replace(/^set-cookie: .*$/m, '');

async function signInAsOwner(server: ServerProcess): Promise<void> {
  const page = recorderOf(server, ownPage);
  const link = /\S+\/console\/sign-in#\S+/.exec(server.output())?.[0] ?? '';
  const token = keep('the operator’s link', tokenIn(link));
  await page.ask('POST', '/v3/sign-in/inspect', { body: { token } });
  keep('session begun by the operator’s link', secretBegun(await page.ask('POST', '/v3/sign-in', { body: { token } })));
  await page.ask('POST', '/v3/sign-in', { body: { token } });
}

/** Mei signs in by a link that is mailed to her, and by a passkey; and does all that somebody can do about that. */
async function signInAsMember(server: ServerProcess, mailbox: MailPeer): Promise<void> {
  const [mei = ''] = people;
  const page = recorderOf(server, ownPage);
  await page.ask('GET', '/v3/sign-in');
  const mailedLink = async (what: string): Promise<string> => {
    const mails = () =>
      mailbox.received.filter(({ to, parsed }) => to[0] === mei && parsed.text?.includes('/sign-in#'));
    const before = mails().length;
    await page.ask('POST', '/v3/sign-in/request', { body: { email: mei } });
    await eventually(() => mails().length > before, 30_000);
    const { text = '', html } = mails().at(-1)?.parsed ?? {};
    keep(`the mail of ${what}`, text.trim());
    keep(`the page in the mail of ${what}`, String(html).trim());
    return keep(what, tokenIn(/\S+\/console\/sign-in#\S+/.exec(text)?.[0] ?? ''));
  };
  const signedIn = async (what: string, path: string, body: object): Promise<Recorder> => {
    const secret = keep(what, secretBegun(await page.ask('POST', path, { body })));
    return recorderOf(server, { ...ownPage, cookie: `latchkey-session=${secret}` });
  };
  const token = await mailedLink('mailed sign-in link');
  await page.ask('POST', '/v3/sign-in/inspect', { body: { token } });
  const inMail = await signedIn('session begun by a mailed link', '/v3/sign-in', { token });
  await page.ask('POST', '/v3/sign-in/request', { body: { email: 'nobody@example.com' } });

  const origin = /(http\S+)\/console\/sign-in#/.exec(server.output())?.[1] ?? '';
  const { options } = (await inMail.ask('POST', '/v3/passkeys/options')).body;
  keep('the challenge for a new passkey', options.challenge);
  const passkey = makePasskey(options, origin);
  const added = await inMail.ask('POST', '/v3/passkeys', { body: { name: 'Laptop', response: passkey.registration } });
  const asked = (await page.ask('POST', '/v3/sign-in/passkey/options')).body.options;
  keep('the challenge for signing in', asked.challenge);
  const response = passkey.answer(asked);
  const inPasskey = await signedIn('session begun by a passkey', '/v3/sign-in/passkey', { response });
  await page.ask('POST', '/v3/sign-in/passkey', { body: { response } });

  for (const path of ['session', 'sessions', 'passkeys', 'organization/me']) await inPasskey.ask('GET', `/v3/${path}`);
  const { id } = (await inMail.ask('GET', '/v3/session')).body;
  for (const recorder of [inPasskey, inPasskey]) await recorder.ask('DELETE', `/v3/sessions/${id}`);
  await inPasskey.ask('DELETE', `/v3/passkeys/${added.body.id}`);
  for (const recorder of [inPasskey, inPasskey]) await recorder.ask('DELETE', '/v3/session');
  await mailedLink('second mailed sign-in link');
}

async function goRight(
  ada: Recorder,
  partner: Recorder,
  anybody: Recorder,
  page: Recorder,
  mailbox: MailPeer,
  signInAsMei: () => Promise<void>,
): Promise<void> {
  for (const email of people.slice(0, 5))
    await ada.ask('POST', `${invitations}/send`, { body: { email, all_features_access: false, privileges: contacts } });
  const mailedTo = (email: string) => mailbox.received.findLast(({ to }) => to[0] === email);
  await eventually(() => people.slice(0, 5).every((email) => mailedTo(email)), 30_000);
  const tokens = people.slice(0, 5).map((email) => {
    const { text = '', html } = mailedTo(email)?.parsed ?? {};
    keep(`the mail to ${email}`, text.trim());
    keep(`the page in the mail to ${email}`, String(html).trim());
    return keep(`mailed link to ${email}`, tokenIn(/\S+\/join#\S+/.exec(text)?.[0] ?? ''));
  });
  const revealed = await ada.ask('POST', `${invitations}/link/${people[0]}`, {
    body: undefined,
    headers: { 'idempotency-key': 'reveal-once' },
  });
  keep('revealed link', tokenIn(revealed.body.link));

  const [mei, tomas] = tokens;
  for (const token of tokens.slice(0, 2)) await anybody.ask('POST', `${invitations}/inspect`, { body: { token } });
  const joined = await page.ask('POST', `${invitations}/accept`, { body: { token: mei, sign_in: true } });
  keep('session begun by joining', secretBegun(joined));
  await anybody.ask('POST', `${invitations}/accept`, { body: { token: mei } });
  await signInAsMei();
  await anybody.ask('POST', `${invitations}/decline`, { body: { token: tomas } });
  await ada.ask('PUT', `${invitations}/resend/${people[1]}`);
  await ada.ask('PUT', `${invitations}/cancel/${people[2]}`);
  await ada.ask('PUT', `${invitations}/revoke/${people[3]}`);
  const many = [`${people[4]}`, 'nobody@acme.example'];
  await ada.ask('POST', `${invitations}/send/bulk`, {
    body: { emails: many.slice(0, 1), all_features_access: false, privileges: contacts },
  });
  await ada.ask('POST', '/v3/organization/users/bulk', { body: { emails: many, action: 'resend', dry_run: true } });
  const change = { email: people[0], all_features_access: true };
  await ada.ask('POST', '/v3/organization/user/update/permissions', { body: change });

  const made = await ada.ask('POST', '/v3/organization/api-keys', {
    body: { name: 'Nightly export', all_features_access: true },
    headers: { 'idempotency-key': 'make-once' },
  });
  keep('api key made', made.body.key);
  const rotated = await ada.ask('POST', `/v3/organization/api-keys/${made.body.id}/rotate`, {
    body: { overlap_seconds: 60 },
  });
  keep('api key rotated', rotated.body.key);
  await ada.ask('POST', `/v3/organization/api-keys/${made.body.id}/adopt`);
  const partnerKey = await partner.ask('POST', '/v3/corporate/partner-keys', { body: { name: 'Second' } });
  keep('partner key made', partnerKey.body.key);
  const partnerKeyRotated = await partner.ask('POST', `/v3/corporate/partner-keys/${partnerKey.body.id}/rotate`, {
    body: {},
  });
  keep('partner key rotated', partnerKeyRotated.body.key);
  const account = await partner.ask('POST', '/v3/corporate/subAccount', {
    body: { companyName: 'Olga’s', email: people[3] },
  });
  const subKey = await partner.ask('POST', '/v3/corporate/subAccount/key', {
    body: { id: account.body.id, name: 'For Olga' },
  });
  keep('key of a sub-account', subKey.body.key);
  await partner.ask('PUT', `/v3/corporate/subAccount/${account.body.id}/plan`, { body: { plan: 'professional' } });
  await partner.ask('GET', '/v3/corporate/partner-keys');
  await partner.ask('DELETE', `/v3/corporate/partner-keys/${partnerKey.body.id}`);

  await ada.ask('PUT', '/v3/organization', { body: { name: 'Ada’s' } });
  for (const path of [
    '/account',
    '/organization/me',
    '/organization/features',
    '/organization/invited/users',
    '/organization/invited/users?limit=2&include=delivery,invitation,features',
    '/organization/users/count',
    `/organization/user/${people[0]}/permissions`,
    '/organization/deliveries',
    '/organization/api-keys',
    '/organization/activities?limit=100',
    '/organization/activities/export',
    '/organization/activities/export?format=ndjson',
  ])
    await ada.ask('GET', `/v3${path}`);
  await askForAccess(ada, anybody);
  await partner.ask('GET', '/v3/corporate/activities');
  await ada.ask('DELETE', `/v3/organization/api-keys/${made.body.id}`);

  await ada.ask('POST', '/v3/organization/ownership/give', { body: { email: people[0] } });
  const temporary = await ada.ask('POST', '/v3/organization/api-keys', {
    body: { name: 'Ada’s second', all_features_access: true },
  });
  keep('second api key made', temporary.body.key);
  await ada.ask('POST', '/v3/organization/ownership/step-down');
  await ada.ask('POST', '/v3/organization/leave');
  for (const path of ['/join', '/join/', '/openapi.json', '/health/live', '/health/ready'])
    await anybody.ask('GET', path);
}

async function askForAccess(ada: Recorder, anybody: Recorder): Promise<void> {
  await ada.ask('PUT', `/v3/organization/user/${people[0]}`, { body: { external_id: 'crm-1' } });
  const subject = { type: 'user', id: people[0] };
  const action = { name: 'view' };
  const resource = { type: 'feature', id: 'contacts' };
  const evaluations = [{ subject, action, resource }, {}];
  await ada.ask('POST', '/access/v1/evaluation', { body: { subject, action, resource } });
  await ada.ask('POST', '/access/v1/evaluations', { body: { evaluations } });
  await ada.ask('POST', '/access/v1/search/subject', { body: { subject: { type: 'user' }, action, resource } });
  await ada.ask('POST', '/access/v1/search/resource', { body: { subject, action, resource: { type: 'feature' } } });
  await ada.ask('POST', '/access/v1/search/action', { body: { subject, resource } });
  // A revision that never was: the stream says so and ends.
  for (const path of ['snapshot', 'revision', 'changes?after=99999']) await ada.ask('GET', `/v3/access/${path}`);
  for (const path of ['/.well-known/authzen-configuration', '/v3/access/vocabulary', '/v3/access/jwks'])
    await anybody.ask('GET', path);
  const issued = await ada.ask('POST', '/v3/access/token', { body: { member: 'crm-1', audience: 'shop' } });
  keep('access token', issued.body.token);
}

async function goWrong(ada: Recorder, partner: Recorder, anybody: Recorder): Promise<void> {
  const key = said.secrets.get('the file api-key') ?? '';
  const token = said.secrets.get(`mailed link to ${people[4]}`) ?? '';
  const unknown = keep('a key that is none', `lk_${'z'.repeat(49)}`);
  const mistyped = keep('a mistyped key', `${key.slice(0, -1)}~`);
  for (const wrong of [unknown, mistyped]) {
    await anybody.ask('GET', '/v3/account', { headers: { 'api-key': wrong } });
    await anybody.ask('GET', '/v3/account', { headers: { authorization: `Bearer ${wrong}` } });
    await anybody.ask('GET', '/v3/corporate/partner-keys', { headers: { 'partner-key': wrong } });
  }
  const ended = said.secrets.get('session begun by a passkey') ?? '';
  const cookies = [ended, keep('a cookie that is none', 'z'.repeat(43))].map((secret) => `latchkey-session=${secret}`);
  for (const cookie of cookies) {
    for (const headers of [{ ...ownPage, cookie }, { cookie }])
      for (const path of ['account', 'session', 'passkeys']) await anybody.ask('GET', `/v3/${path}`, { headers });
    await anybody.ask('POST', '/v3/sign-in', { headers: { ...ownPage, cookie }, body: { token: cookie } });
  }
  await anybody.ask('GET', '/v3/account', { headers: { 'api-key': ended } });
  const signInToken = said.secrets.get('second mailed sign-in link') ?? '';
  await anybody.ask('POST', '/v3/sign-in', { body: { token: signInToken } });
  await anybody.ask('POST', '/v3/sign-in', { headers: ownPage, body: { token: signInToken, more: signInToken } });
  await anybody.ask('POST', `${invitations}/accept`, { body: { token: signInToken } });
  await anybody.ask('GET', `/v3/sessions/${signInToken}`);
  await anybody.ask('GET', '/v3/account');
  await ada.ask('GET', '/v3/corporate/partner-keys');
  await partner.ask('GET', '/v3/account');
  await partner.ask('GET', '/v3/account', { headers: { 'organization-id': unknown } });
  // Secrets where they do not belong: in addresses, in bodies that cannot be read, under names that nobody asked for.
  await anybody.ask('GET', `/v3/account?api-key=${key}`);
  await anybody.ask('GET', `/v3/organization/me?token=${token}`);
  await anybody.ask('PATCH', `${invitations}/accept?token=${token}`);
  await ada.ask('GET', `/v3/organization/me?key=${key}`);
  await ada.ask('GET', `/v3/organization/deliveries?cursor=${token}`);
  await anybody.ask('POST', `${invitations}/accept`, { body: `{"token": "${token}", ` });
  await anybody.ask('POST', `${invitations}/accept`, { body: `{"token": "${token}", "token": "${token}"}` });
  await anybody.ask('POST', `${invitations}/accept`, { body: { token: [token] } });
  await anybody.ask('POST', `${invitations}/accept`, { body: { token: `${token.slice(0, -2)}AA` } });
  await anybody.ask('POST', `${invitations}/accept`, { body: { token, [`x-${key}`.slice(0, 3)]: key } });
  await ada.ask('POST', `${invitations}/send`, { body: { email: 'nobody', all_features_access: true } });
  await ada.ask('POST', `${invitations}/send`, { body: { email: people[5], all_features_access: true, api_key: key } });
  await ada.ask('POST', `${invitations}/send`, {
    body: { email: people[5], all_features_access: false, privileges: [{ feature: 'contact', permissions: ['view'] }] },
  });
  await ada.ask('PUT', `${invitations}/revoke/nobody@example.com`);
  await ada.ask('PUT', `${invitations}/revoke/ada@example.com`);
  await ada.ask('DELETE', `${invitations}/send`);
  await ada.ask('POST', '/v3/organization/user/update/permissions', {
    body: { email: people[4], all_features_access: true },
    headers: { 'if-match': '"999"' },
  });
  await ada.ask('POST', '/v3/organization/ownership/give', { body: { email: people[4] } });
  await ada.ask('GET', `/v3/organization/api-keys/${token}`);
}

/** Makes PostgreSQL refuse what the server writes, in ways that repeat the row in the error. */
async function failInside(ada: Recorder, anybody: Recorder, page: Recorder, dataDir: string): Promise<void> {
  const asSuperuser = (sql: string) => askDatabase(dataDir, sql, 'postgres');
  const token = said.secrets.get(`mailed link to ${people[4]}`) ?? '';
  await asSuperuser(
    `create function provoke() returns trigger language plpgsql as $$ begin raise exception 'provoked' using detail = new::text; end $$`,
  );
  await asSuperuser('create trigger provoked before insert on audit_person for each row execute function provoke()');
  await ada.ask('POST', `${invitations}/send`, { body: { email: people[5], all_features_access: true } });
  await ada.ask('POST', `${invitations}/send`, {
    body: { email: people[6], all_features_access: true },
    headers: { 'idempotency-key': 'provoked' },
  });
  await anybody.ask('POST', `${invitations}/accept`, { body: { token } });
  await ada.ask('POST', `${invitations}/link/${people[4]}`);
  await ada.ask('POST', '/v3/organization/api-keys', { body: { name: 'Never', all_features_access: true } });
  const signInToken = said.secrets.get('second mailed sign-in link') ?? '';
  await page.ask('POST', '/v3/sign-in', { body: { token: signInToken } });
  await asSuperuser('drop trigger provoked on audit_person');
  for (const table of ['member', 'key_secret', 'delivery', 'idempotency_record']) {
    await asSuperuser(`alter table ${table} add constraint provoked check (false) not valid`);
    await ada.ask('POST', `${invitations}/send`, {
      body: { email: people[5], all_features_access: true },
      headers: { 'idempotency-key': `once-${table}` },
    });
    await ada.ask('POST', '/v3/organization/api-keys', { body: { name: 'Never', all_features_access: true } });
    await asSuperuser(`alter table ${table} drop constraint provoked`);
  }
  const onceMore: Record<string, () => Promise<Answer>> = {
    session: () => page.ask('POST', '/v3/sign-in', { body: { token: signInToken } }),
    sign_in_link: () => page.ask('POST', '/v3/sign-in/request', { body: { email: people[0] } }),
    passkey_challenge: () => page.ask('POST', '/v3/sign-in/passkey/options'),
  };
  for (const [table, ask] of Object.entries(onceMore)) {
    await asSuperuser(`alter table ${table} add constraint provoked check (false) not valid`);
    expect((await ask()).status, table).toBe(500);
    await asSuperuser(`alter table ${table} drop constraint provoked`);
  }
}

async function refuseTheLogin(ada: Recorder): Promise<void> {
  await ada.ask('POST', `${invitations}/send`, {
    body: { email: people[6], all_features_access: false, privileges: contacts },
  });
  const reasonOf = async (): Promise<string | null> =>
    (await ada.ask('GET', `/v3/organization/deliveries?email=${people[6]}`)).body.deliveries[0]?.reason ?? null;
  await eventually(async () => (await reasonOf()) !== null, 30_000);
  expect(await reasonOf()).toMatch(/^the mail server refused the login/);
}
