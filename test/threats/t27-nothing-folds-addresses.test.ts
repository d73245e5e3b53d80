import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

/** Pairs that one collation or another takes for the same word; for us each is two people. */
const lookAlikes = [
  ['straße', 'strasse'],
  ['ı', 'i'],
  ['i\u0307', 'ï'],
  ['é', 'e'],
  ['æ', 'ae'],
  ['ø', 'o'],
  ['ﬁ', 'fi'],
  ['ｍｅｉ', 'mei'],
  ['ſam', 'sam'],
  ['œuvre', 'oeuvre'],
  ['か', 'カ'],
  ['ё', 'е'],
  ['а', 'a'],
  ['jane.doe', 'janedoe'],
  ['jane-roe', 'janeroe'],
  ['jane+a', 'jane'],
  ['σ', 'ς'],
  ['½', '1'],
] as const;

test.each(lookAlikes)('T27 %s and %s are two people', async (one, other) => {
  const { owner } = world;
  const [first, second] = [`${one}@example.com`, `${other}@example.com`];
  const path = (email: string) => `/organization/user/${encodeURIComponent(email)}/permissions`;
  await world.invite(first, { permissions: ['contacts:view'] });
  expect((await owner.get(path(second))).status).toBe(404);
  await world.invite(second, { permissions: ['phone:all'] });

  const [firstRead, secondRead] = [await owner.get(path(first)), await owner.get(path(second))];
  expect(firstRead.body.id).not.toBe(secondRead.body.id);
  expect(firstRead.body.privileges).toEqual([{ feature: 'contacts', permissions: ['view'] }]);
  expect(secondRead.body.privileges).toEqual([{ feature: 'phone', permissions: ['all'] }]);

  const joined = await world.anonymous.post('/organization/user/invitation/accept', {
    token: await world.token(first),
  });
  expect(joined.body.email).toBe(first);
  expect((await owner.get(path(second))).body.status).toBe('pending');
  expect((await owner.put(`/organization/user/invitation/cancel/${encodeURIComponent(second)}`)).status).toBe(200);
  expect((await owner.get(path(first))).body.status).toBe('active');
});

test('T27 every column of addresses and names that are compared has the binary collation', async () => {
  const columns = await world.database.sql<{ column: string; collation: string }>(
    `select c.relname || '.' || a.attname as column, l.collname as collation
     from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_collation l on l.oid = a.attcollation
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0
       and a.attname in ('email', 'external_id', 'recipient', 'target_email', 'feature', 'permission', 'key') order by 1`,
  );
  expect(columns).toEqual(
    [
      'audit_person.target_email',
      'delivery.recipient',
      'idempotency_record.key',
      'identity.email',
      'member.email',
      'member.external_id',
      'permission_bit.feature',
      'permission_bit.permission',
      'sign_in_link.email',
    ].map((column) => ({ column, collation: 'C' })),
  );
  const nondeterministic = await world.database.sql('select collname from pg_collation where not collisdeterministic');
  expect(nondeterministic).toEqual([]);
});
