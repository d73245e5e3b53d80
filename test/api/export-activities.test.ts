import { Agent, get } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Stage, setStage } from '../access/stage.ts';
import { client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let stage: Stage;
const columns =
  'id,date,action,outcome,actor_kind,actor_id,actor_name,target_kind,target_id,user_email,user_ip,user_agent,request_id,details';

beforeAll(async () => {
  world = await startWorld();
  stage = await setStage(world);
  await stage.pending('pia');
  await stage.pending('mei', { permissions: ['contacts:view', 'contacts:export'] });
  await stage.ada.client.put(`/organization/user/invitation/revoke/${stage.email('pia')}`);
});
afterAll(() => world?.stop());

const file = (query = '', by = stage.ada.client) => by.get(`/organization/activities/export${query}`);
const logs = async (query = '') =>
  (await stage.ada.client.get(`/organization/activities?limit=100${query}`)).body.logs as Record<string, unknown>[];

test('as ndjson it is the rows of listActivities, newest first, all of them', async () => {
  const { status, body, headers } = await file('?format=ndjson');
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  expect(headers.get('content-disposition')).toBe('attachment; filename="activities.ndjson"');
  expect(body).toEqual(await logs());
  expect(body).toHaveLength(3);
});

test('as CSV it has a row of names, then one for each, by RFC 4180', async () => {
  const { body, headers } = await file();
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toBe('attachment; filename="activities.csv"');
  expect((await file('?format=csv')).body).toBe(body);
  const [head, ...rows] = readCsv(body);
  expect(head).toEqual(columns.split(','));
  const listed = (await logs()) as {
    actor: Record<string, string>;
    target: Record<string, string>;
    [name: string]: unknown;
  }[];
  expect(rows).toEqual(
    listed.map(({ id, date, action, outcome, actor, target, ...event }) => [
      ...[id, date, action, outcome, actor.kind, actor.id, actor.name, target.kind, target.id],
      ...[event.user_email, event.user_ip, event.user_agent, event.request_id, JSON.stringify(event.details)],
    ]),
  );
  expect(rows[0]?.[1]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('it takes the filters of the list, and refuses what the list refuses', async () => {
  const email = `email=${stage.email('pia')}`;
  for (const filter of [
    email,
    'action=member.revoked',
    `${email}&action=member.invited`,
    'outcome=refused',
    'endDate=2026-01-01',
    'startDate=2999-01-01',
  ])
    expect((await file(`?format=ndjson&${filter}`)).body, filter).toEqual(await logs(`&${filter}`));
  expect(readCsv((await file('?endDate=2026-01-01')).body)).toEqual([columns.split(',')]);
  for (const [query, path, reason] of [
    ['startDate=yesterday', 'startDate', 'invalid_date'],
    ['email=nobody', 'email', 'invalid_email'],
    ['format=xml', 'format', 'not_one_of'],
    ['limit=5', 'limit', 'unknown_parameter'],
  ])
    expect(await file(`?${query}`)).toMatchObject({ status: 400, body: { details: [{ path, reason }] } });
});

test('it needs the permission that shows activities', async () => {
  const lucy = await stage.member('lucy', { permissions: ['contacts:view'] });
  expect(await file('', lucy.client)).toMatchObject({ status: 403, body: { code: 'permission_denied' } });
  expect((await file('', world.anonymous)).status).toBe(401);
});

test('a cell that a spreadsheet would take for a formula begins with an apostrophe; commas, quotes and lines stay one cell', async () => {
  const agents = [
    '=HYPERLINK("http://evil.example","click")',
    '+1+1',
    '-1',
    '@SUM(A1)',
    'Mozilla/5.0 (X11; Linux), "like" Gecko',
    'Mozilla/5.0 (X;=1+1; =2;-3;+4) a=5',
  ];
  const other = await setStage(world);
  for (const agent of agents) {
    const as = client(world.base, { 'api-key': other.ada.secret, 'user-agent': agent });
    await as.put('/organization', { name: `Name ${agent.length}` });
  }
  const rows = readCsv((await file('', other.ada.client)).body).slice(1);
  const shown = rows.map((row) => row[11]).toReversed();
  // Where semicolons are what is between cells, each begins one.
  const split = "Mozilla/5.0 (X;'=1+1; '=2;'-3;'+4) a=5";
  expect(shown).toEqual([...agents.slice(0, 4).map((agent) => `'${agent}`), agents[4], split]);

  // What no header can carry may stand in a log all the same.
  const [tab, carriage, wide] = ['\t=1', '\r\n=1', '＝1'];
  for (const [index, agent] of [tab, carriage, wide].entries())
    await world.database.sql(
      `with e as (insert into audit_event (id, organization_id, action, actor_kind, target_kind) values ($1, $2, 'member.left', 'member', 'member') returning id)
       insert into audit_person (event_id, organization_id, user_agent) select id, $2, $3 from e`,
      [`ffffffff-0000-7000-8000-00000000000${index}`, other.organizationId, agent],
    );
  const odd = readCsv((await file('?action=member.left', other.ada.client)).body).slice(1);
  expect(odd.map((row) => row[11])).toEqual(["'＝1", "'\r\n'=1", "'\t'=1"]);
});

test('a log of many chunks is whole, in order and without repetition; and a reader that leaves costs nothing more', async () => {
  const other = await setStage(world);
  const count = 25_000;
  await world.database.sql(
    `with e as (
       insert into audit_event (id, organization_id, action, actor_kind, target_kind, details)
       select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, 'member.updated', 'member', 'member', jsonb_build_object('n', n)
       from generate_series(1, $2) n returning id)
     insert into audit_person (event_id, organization_id, actor_name) select id, $1, 'ada, "the first"' from e`,
    [other.organizationId, count],
  );
  const rows = readCsv((await file('', other.ada.client)).body).slice(1);
  expect(rows.map((row) => JSON.parse(row[13] ?? '').n)).toEqual(Array.from({ length: count }, (_, n) => count - n));

  const agent = new Agent({ keepAlive: false });
  for (let reader = 0; reader < 20; reader++)
    await leaveEarly(`${world.base}/organization/activities/export`, other.ada.secret, agent);
  expect((await file('?format=ndjson', other.ada.client)).body).toHaveLength(count);
});

test('where the database fails on the way the connection is cut, so that a part is never taken for the whole', async () => {
  const other = await setStage(world);
  await world.database.sql(
    `insert into audit_event (id, organization_id, action, actor_kind, target_kind, details)
     select ('01900000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, $1, 'member.updated', 'member', 'member', jsonb_build_object('filler', repeat('x', 2000))
     from generate_series(1, 30000) n`,
    [other.organizationId],
  );
  const response = await fetch(`${world.base}/organization/activities/export?format=ndjson`, {
    headers: { 'api-key': other.ada.secret },
  });
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await world.database.sql('alter table audit_person rename to audit_person_gone');
  try {
    await expect(
      (async () => {
        for (let next = await reader.read(); !next.done; next = await reader.read());
      })(),
    ).rejects.toThrow();
    const refused = await fetch(`${world.base}/organization/activities/export`, {
      headers: { 'api-key': other.ada.secret },
    });
    expect(refused.status).toBe(500);
    expect(refused.headers.get('content-disposition')).toBeNull();
  } finally {
    await world.database.sql('alter table audit_person_gone rename to audit_person');
  }
});

function leaveEarly(url: string, key: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'api-key': key }, agent }, (response) => {
      response.once('data', () => {
        response.destroy();
        resolve();
      });
    });
    request.on('error', reject);
  });
}

/** A reader of its own: RFC 4180, §2. */
function readCsv(text: string): string[][] {
  expect(text.endsWith('\r\n')).toBe(true);
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  expect(new Set(rows.map(({ length }) => length)).size).toBe(1);
  return rows;
}
