import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
let serving: pg.Client;
let owning: pg.Client;
let partitions: string[];
beforeAll(async () => {
  world = await startWorld();
  await world.owner.put('/organization', { name: 'Something that happened' });
  serving = new pg.Client(world.database.url);
  owning = new pg.Client(world.database.ownerUrl);
  await Promise.all([serving.connect(), owning.connect()]);
  const rows = await world.database.sql<{ name: string }>(
    `select relid::text as name from pg_partition_tree('audit_event') order by 1`,
  );
  partitions = rows.map(({ name }) => name);
  expect(partitions.length).toBeGreaterThan(3);
});
afterAll(async () => {
  await Promise.all([serving?.end(), owning?.end()]);
  await world?.stop();
});

const events = (): Promise<unknown[]> => world.database.sql('select * from audit_event order by id');
const changes = (table: string): string[] => [
  `update ${table} set action = 'member.left'`,
  `update ${table} set outcome = 'done' where false or organization_id is not null`,
  `delete from ${table}`,
  `truncate ${table}`,
  `truncate ${table} cascade`,
  `insert into ${table} select * from audit_event on conflict (id, occurred_at) do update set action = 'member.left'`,
];

describe('the audit log is append-only', () => {
  test('for the serving role: it may neither change, delete nor truncate, in no partition, nor lift that', async () => {
    const before = await events();
    expect(before.length).toBeGreaterThan(0);
    for (const table of partitions) {
      // Whoever may not give a right is refused or only warned; what follows shows that nothing was given.
      await serving.query(`grant update, delete, truncate on ${table} to latchkey`).catch(() => undefined);
      for (const statement of changes(table))
        await expect(serving.query(statement), statement).rejects.toThrow(/permission denied/);
      for (const statement of [
        `alter table ${table} disable trigger all`,
        `drop table ${table}`,
        `create rule hide as on insert to ${table} do instead nothing`,
      ])
        await expect(serving.query(statement), statement).rejects.toThrow(/must be owner|permission denied/);
    }
    await expect(serving.query(`set session_replication_role = 'replica'`)).rejects.toThrow(/permission denied/);
    await expect(serving.query('set role latchkey_owner')).rejects.toThrow(/permission denied/);
    expect(await events()).toEqual(before);
  });

  test('for the role that owns the tables: a trigger refuses what its rights allow', async () => {
    const before = await events();
    for (const table of partitions)
      for (const statement of changes(table).slice(0, 5)) {
        const touched = await holdsRows(table);
        if (touched || statement.startsWith('truncate'))
          await expect(owning.query(statement), statement).rejects.toThrow(/append-only/);
        else await owning.query(statement);
      }
    await expect(owning.query(`set session_replication_role = 'replica'`)).rejects.toThrow(/permission denied/);
    expect(await events()).toEqual(before);
  });

  test('also in the partitions of months to come', async () => {
    const rows = await world.database.sql<{ name: string; triggers: string[]; rights: string[] }>(
      `select p.relid::text as name,
         array(select g.tgname::text from pg_trigger g where g.tgrelid = p.relid and g.tgenabled = 'O' order by 1) as triggers,
         array(select r from unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) r where has_table_privilege('latchkey', p.relid, r)) as rights
       from pg_partition_tree('audit_event') p where p.isleaf`,
    );
    for (const { name, triggers, rights } of rows) {
      expect(triggers, name).toContain('audit_event_append_only');
      expect(triggers, name).toContainEqual(expect.stringMatching(/_not_truncated$/));
      expect(rights, name).toEqual([]);
    }
  });

  test('while new events are written, and personal data can be erased without a trace in the event', async () => {
    const [{ id } = { id: '' }] = await world.database.sql<{ id: string }>(
      `select id from audit_event where action = 'organization.updated'`,
    );
    const before = await events();
    await expect(serving.query('update audit_person set actor_name = null')).rejects.toThrow(/permission denied/);
    await expect(serving.query('truncate audit_person')).rejects.toThrow(/permission denied/);
    await serving.query('delete from audit_person where event_id = $1', [id]);
    expect(await events()).toEqual(before);
    const { body } = await world.owner.get('/organization/activities?action=organization.updated');
    expect(body.logs).toMatchObject([{ id, user_ip: null, actor: { name: null } }]);
  });

  test('and so is the list of revisions, for the serving role', async () => {
    for (const statement of [
      'update access_change set revision = 0',
      'delete from access_change',
      'truncate access_change',
    ])
      await expect(serving.query(statement), statement).rejects.toThrow(/permission denied/);
  });
});

async function holdsRows(table: string): Promise<boolean> {
  return (await world.database.sql(`select from ${table} limit 1`)).length > 0;
}
