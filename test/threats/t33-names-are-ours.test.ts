import { afterAll, beforeAll, expect, test } from 'vitest';
import { askDecisionPoint, paths } from '../authzen/decision-point.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7?[0-9a-f]{3,4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Every name a field of a log line may have. */
const fieldNames = [
  'level',
  'time',
  'pid',
  'hostname',
  'msg',
  'reqId',
  'route',
  'err',
  'applied',
  'delivery',
  'reason',
  'permanent',
];
/** What the logger says of an error: the database’s own words for it, each a fixed name. */
const errorFieldNames =
  /^(type|message|stack|name|code|severity|detail|hint|file|line|routine|schema|table|column|constraint|where|position|length|internalPosition|internalQuery|dataType|cause|aggregateErrors)$/;

test('T33 no name of a log field comes from outside', async () => {
  await world.database.sql(`
    create function fail() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$;
    create trigger fail before insert on audit_person for each row execute function fail()`);
  const hostile = Array.from({ length: 20 }, (_, index) => `intruder_${index}`);
  for (const name of hostile) {
    const headers = {
      [name.replace('_', '-')]: 'x',
      'user-agent': name,
      'sib-request-id': name,
      'idempotency-key': name,
    };
    await world.owner.post(
      '/organization/user/invitation/send',
      { email: `${name}@example.com`, all_features_access: true },
      headers,
    );
    await world.owner.post(`/organization/${name}`, { [name]: { [name]: name } }, headers);
    await world.owner.get(`/organization/invited/users?${name}=${name}`, headers);
    await world.anonymous.send(name.toUpperCase().replace(/\d|_/g, ''), '/account', undefined, headers).catch(() => {});
  }
  const lines = world
    .logged()
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(lines.filter(({ msg }) => msg === 'request failed').length).toBe(hostile.length);
  for (const line of lines) {
    expect(fieldNames).toEqual(expect.arrayContaining(Object.keys(line)));
    if (line.err) for (const name of Object.keys(line.err)) expect(name).toMatch(errorFieldNames);
    if ('route' in line) expect(line.route).toMatch(/^\/v3\/[a-zA-Z/:-]+$/);
  }
  const routes = new Set(lines.flatMap(({ route }) => (route === undefined ? [] : [route])));
  expect([...routes]).toEqual(['/v3/organization/user/invitation/send']);
  await world.database.sql('drop trigger fail on audit_person');
});

test('T33 nor does one of a check’s, though its own door answers it', async () => {
  const before = world.logged().length;
  const hostile = Array.from({ length: 20 }, (_, index) => `intruder_${index}`);
  // From here on the key is known, and only what is asked about fails to be read.
  await askDecisionPoint(world, 'evaluation', {});
  await world.database.sql('alter table member_grant rename to out_of_order');
  for (const name of hostile) {
    const body = {
      subject: { type: 'user', id: name, [name]: name },
      action: { name },
      resource: { type: 'feature', id: name },
    };
    const known = { ...body, action: { name: 'view' }, resource: { type: 'feature', id: 'contacts' } };
    for (const endpoint of ['evaluation', 'evaluations', 'subject', 'resource', 'action'] as const) {
      const headers = { 'x-request-id': name, [name.replace('_', '-')]: name, 'user-agent': name };
      const asked = endpoint === 'evaluations' ? { ...known, evaluations: [{}] } : known;
      const failed = await askDecisionPoint(world, endpoint, asked, headers);
      expect([failed.status, failed.body]).toEqual([500, expect.not.stringContaining(name)]);
      await askDecisionPoint(world, endpoint, { ...body, subject: name }, headers);
    }
  }
  await world.database.sql('alter table out_of_order rename to member_grant');
  const lines = world
    .logged()
    .slice(before)
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line));
  expect(lines.filter(({ msg }) => msg === 'request failed').length).toBe(hostile.length * 5);
  for (const line of lines) {
    expect(fieldNames).toEqual(expect.arrayContaining(Object.keys(line)));
    if (line.err) for (const name of Object.keys(line.err)) expect(name).toMatch(errorFieldNames);
  }
  expect(new Set(lines.flatMap(({ route }) => (route === undefined ? [] : [route])))).toEqual(
    new Set(Object.values(paths)),
  );
  expect(world.logged().slice(before)).not.toContain('intruder');
});

test('T33 a request’s number is ours, whatever the client sends', async () => {
  const claimed = 'chosen-by-the-client';
  const names = ['sib-request-id', 'request-id', 'x-request-id', 'x-correlation-id', 'traceparent'];
  const seen = new Set<string | null>();
  for (const name of names) {
    const answer = await world.owner.put('/organization', { name: `Named by ${name}` }, { [name]: claimed });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('sib-request-id')).toMatch(uuid);
    seen.add(answer.headers.get('sib-request-id'));
  }
  expect(seen.size).toBe(names.length);
  const { body } = await world.owner.get('/organization/activities?action=organization.updated');
  expect(new Set(body.logs.map((log: { request_id: string }) => log.request_id))).toEqual(seen);
  expect(world.logged()).not.toContain(claimed);
});

test('T33 every answer has a number, refusals and unknown paths too', async () => {
  for (const path of ['/account', '/nothing', '/organization/invited/users?limit=0', '/%zz'])
    expect((await world.anonymous.get(path)).headers.get('sib-request-id'), path).toMatch(uuid);
});
