import { expect, vi } from 'vitest';
import { type Client, client } from '../client.ts';
import { refusal } from '../mail/mail-peer.ts';
import { type Office, openOffice } from './open-console.ts';

/** The people of Acme Rockets, and what becomes of them in {@link openAcmeRockets}. */
export const cast = {
  /** The first owner. */
  ada: 'ada@example.com',
  /** An owner too, since Ada made her one. */
  grace: 'grace@example.com',
  /** Manages people and keys, and has little else. */
  mei: 'mei@example.com',
  /** Has everything, and is no owner. */
  tomas: 'tomas@example.com',
  noor: 'noor@example.com',
  lucy: 'lucy@example.com',
  priya: 'priya@example.com',
  jonas: 'jonas@example.com',
  /** Suspended. */
  sam: 'sam@example.com',
  /** A contractor whose access ends in nine days. */
  kim: 'kim@contractors.example',
  /** Invited, and has not answered. */
  elena: 'elena@example.com',
  hiro: 'hiro@example.com',
  /** Invited at an address that does not exist. */
  yusuf: 'yusuf@exmaple.com',
  /** Invited, and the mail server of theirs wants us to wait. */
  anna: 'anna@slow.example',
  /** Did not answer in time. */
  olivia: 'olivia@example.com',
  /** Declined. */
  marco: 'marco@example.com',
  /** Was here, and was removed. */
  bob: 'bob@example.com',
} as const;

export type Person = keyof typeof cast;

/** An office with some weeks of history. Those who have signed in or joined in it are signed in in its windows by that session. */
export interface AcmeRockets extends Office {
  /** Another organization of Ada’s. */
  otherOrganizationId: string;
}

const invitation = '/organization/user/invitation';

/** @param settings as in the environment */
export async function openAcmeRockets(settings: Record<string, string> = {}): Promise<AcmeRockets> {
  const office = await openOffice(settings, { recipient: refuseSome });
  const { world } = office;
  const passes = (interval: string) => letTimePass(office, interval);
  const sessions = new Map<string, string>();
  const ada = await signsIn(office, cast.ada, sessions);
  await ada.put('/organization', { name: 'Acme Rockets', redirect_url: 'https://app.acme.example/' });
  await world.database.sql(`update organization set plan = 'professional', seats = 25 where id = $1`, [
    world.organizationId,
  ]);

  await invites(ada, cast.grace, 'everything');
  const grace = await joins(office, sessions, cast.grace);
  await ada.post('/organization/ownership/give', { email: cast.grace });
  await invites(ada, cast.mei, manager);
  await passes('1 hour');
  const mei = await joins(office, sessions, cast.mei);
  await ada.post('/organization/api-keys', {
    name: 'Website, production',
    all_features_access: false,
    privileges: [
      { feature: 'access', permissions: ['check'] },
      { feature: 'contacts', permissions: ['view', 'create_edit_delete'] },
    ],
    allowed_ips: ['203.0.113.0/28'],
  });
  await passes('6 days');

  await invites(mei, cast.noor, contacts);
  await invites(mei, cast.lucy, marketing);
  await invites(grace, cast.tomas, 'everything');
  await passes('3 hours');
  await joins(office, sessions, cast.noor);
  await joins(office, sessions, cast.lucy);
  await joins(office, sessions, cast.tomas);
  await ada.post('/organization/api-keys', {
    name: 'Nightly export',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
    expires_at: inDays(25),
  });
  await passes('8 days');

  await invites(mei, cast.bob, contacts);
  await invites(grace, cast.priya, sales);
  await passes('1 day');
  await joins(office, sessions, cast.bob);
  await joins(office, sessions, cast.priya);
  await passes('4 days');

  await invites(mei, cast.jonas, support);
  await invites(mei, cast.olivia, contacts);
  await joins(office, sessions, cast.jonas);
  await mei.put(`${invitation}/revoke/${cast.bob}`);
  await invites(grace, cast.sam, support);
  await passes('5 hours');
  await joins(office, sessions, cast.sam);
  await passes('2 days');

  await invites(mei, cast.kim, marketing);
  await invites(mei, cast.marco, contacts);
  await passes('20 hours');
  await joins(office, sessions, cast.kim);
  await world.anonymous.post(`${invitation}/decline`, { token: await world.token(cast.marco) });
  await mei.post('/organization/user/update/permissions', {
    email: cast.lucy,
    all_features_access: false,
    privileges: [{ feature: 'sms_campaigns', permissions: ['create_edit_delete'] }],
  });
  await passes('1 day');

  await grace.put(`/organization/user/${cast.sam}`, { suspended: true });
  const own = await mei.post('/organization/api-keys', {
    name: 'Onboarding script',
    all_features_access: false,
    privileges: [
      { feature: 'user_management', permissions: ['all'] },
      { feature: 'contacts', permissions: ['view', 'export'] },
    ],
  });
  await invites(mei, cast.elena, marketing);
  await passes('9 hours');
  // Nobody gives what they do not hold, and that they tried is written down.
  const beyond = { feature: 'sales_platform', permissions: ['reports'] };
  const tried = { email: cast.noor, all_features_access: false, privileges: [beyond] };
  expect((await mei.post('/organization/user/update/permissions', tried)).status).toBe(403);
  await mei.put(`/organization/user/${cast.kim}`, { access_expires_at: inDays(9) });
  await passes('7 hours');

  await invites(world.as(own.body.key), cast.hiro, contacts);
  await passes('50 minutes');
  await invites(mei, cast.yusuf, sales);
  await invites(mei, cast.anna, contacts);
  await passes('4 minutes');

  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Acme Balloons',
    email: cast.ada,
    plan: 'standard',
  });
  const token = await world.token(cast.ada, made.body.id);
  expect((await world.anonymous.post(`${invitation}/accept`, { token })).status).toBe(200);
  await usesItsKeys(office);
  await looksLikePeople(office);
  return {
    ...office,
    otherOrganizationId: made.body.id,
    async window({ as, ...options } = {}) {
      const cookie = sessions.get(as ?? '');
      if (cookie === undefined) return office.window({ ...options, ...(as !== undefined && { as }) });
      const visitor = await office.window(options);
      const [name = '', value = ''] = cookie.split('=');
      await visitor.context.addCookies([{ name, value, url: office.origin, httpOnly: true, sameSite: 'Strict' }]);
      return visitor;
    },
  };
}

const manager = {
  user_management: ['all'],
  smtp_api: ['api_keys'],
  contacts: ['view', 'create_edit_delete', 'import', 'export', 'list_and_attributes'],
  email_campaigns: ['create_edit_delete', 'send_schedule_suspend'],
  sms_campaigns: ['create_edit_delete', 'send_schedule_suspend'],
  templates: ['create_edit_delete', 'activate_deactivate'],
  conversations: ['access', 'assign', 'configure'],
  companies: ['manage_owned_companies'],
};
const contacts = { contacts: ['view', 'export'] };
const marketing = {
  contacts: ['view', 'list_and_attributes'],
  email_campaigns: ['create_edit_delete', 'send_schedule_suspend'],
  templates: ['create_edit_delete'],
};
const sales = { contacts: ['view'], companies: ['manage_owned_companies'] };
const support = { contacts: ['view'], conversations: ['access', 'assign'] };

async function invites(by: Client, email: string, given: 'everything' | Record<string, string[]>): Promise<void> {
  const answer = await by.post(`${invitation}/send`, {
    email,
    all_features_access: given === 'everything',
    ...(given !== 'everything' && {
      privileges: Object.entries(given).map(([feature, permissions]) => ({ feature, permissions })),
    }),
  });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function signsIn({ world }: Office, email: string, sessions: Map<string, string>): Promise<Client> {
  const { client, cookie } = await world.signIn(email);
  sessions.set(email, cookie);
  return client;
}

/** By the mailed link, which also signs them in: every request of the client is theirs. */
async function joins({ world }: Office, sessions: Map<string, string>, email: string): Promise<Client> {
  const ownPage = { 'latchkey-session': '1' };
  const token = await world.token(email);
  const answer = await client(world.base, ownPage).post(`${invitation}/accept`, { token, sign_in: true });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  sessions.set(email, cookie);
  return client(world.base, { ...ownPage, cookie, 'organization-id': world.organizationId });
}

function refuseSome(address: string): void {
  if (address.endsWith('@exmaple.com')) throw refusal(550, '5.1.1 No such user here');
  if (address.endsWith('@slow.example')) throw refusal(451, '4.7.1 Greylisted, try again later');
}

const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

/** Moves all that has happened so far into the past, deadlines included, once every mail has been tried. Sessions stay. */
async function letTimePass({ world: { database } }: Office, interval: string): Promise<void> {
  const untried = `select 1 from delivery where state = 'queued' and attempts = 0`;
  await vi.waitFor(async () => expect(await database.sql(untried)).toEqual([]), { timeout: 20_000 });
  const columns = await database.sql<{ table_name: string; column_name: string }>(
    `select table_name, column_name from information_schema.columns
     where table_schema = 'public' and data_type = 'timestamp with time zone' and table_name = any ($1)`,
    [['organization', 'member', 'identity', 'invitation', 'delivery', 'api_key', 'key_secret', 'audit_event']],
  );
  const updates = [...Map.groupBy(columns, (column) => column.table_name)].map(([table, ofTable]) => {
    const moved = ofTable.map(({ column_name: name }) => `${name} = ${name} - interval '${interval}'`);
    return `update ${table} set ${moved.join(', ')};`;
  });
  // As a replica, so that the audit log takes it.
  await database.sql(`set session_replication_role = replica; ${updates.join('\n')} reset session_replication_role`);
}

async function usesItsKeys({ world: { database } }: Office): Promise<void> {
  for (const [name, ago] of [
    ['Website, production', '40 seconds'],
    ['Nightly export', '7 hours'],
    ['Onboarding script', '54 minutes'],
  ])
    await database.sql('update api_key set last_used_at = now() - $2::interval where name = $1', [name, ago]);
}

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** Where people came from, rather than a test of this machine. */
async function looksLikePeople({ world: { database } }: Office): Promise<void> {
  for (const [email, ip, program] of [
    [cast.ada, '198.51.100.24', firefox],
    [cast.grace, '198.51.100.31', safari],
    [cast.mei, '198.51.100.31', chrome],
    ['Onboarding script', '203.0.113.7', 'onboarding/1.4'],
  ]) {
    await database.sql(`update audit_person set ip = $2, user_agent = $3 where actor_name = $1`, [email, ip, program]);
    await database.sql(
      `update session set ip = $2, user_agent = $3 from identity i where i.id = identity_id and i.email = $1`,
      [email, ip, program],
    );
  }
}
