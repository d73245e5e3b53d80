import { api, type OperationName } from '@latchkey/core/api/index.ts';
import type { AccessKind, Operation } from '@latchkey/core/api/operation.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyAsked, preparations } from '../access/preparations.ts';
import { ask, operations } from '../access/request.ts';
import { allRows } from '../access/rows-of.ts';
import { type Stage, setStage } from '../access/stage.ts';
import { type Client, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let tables: string[];
beforeAll(async () => {
  world = await startWorld();
  tables = await layFaults(world);
});
afterAll(() => world?.stop());

/** A challenge is used up by whatever answers it, before anything else is looked at; a retry asks for another one. */
const answeringAChallenge: OperationName[] = ['addPasskey', 'signInWithPasskey'];
const writing = operations.filter(([, { audit }]) => audit !== undefined);

describe('T30 an operation that fails at any of its writes has written nothing', () => {
  test.each(writing)('%s', async (name) => {
    const reached: string[] = [];
    for (const fault of [...tables, 'commit']) {
      const { as, asked } = await prepared(name);
      const before = await allRows(world.database);
      const idempotency = { 'idempotency-key': `${name}-${fault}` };
      await arm(fault);
      const answer = await ask(as, name, asked, idempotency);
      await arm(null);
      if (answer.status < 300) continue;
      reached.push(fault);
      expect(answer, fault).toMatchObject({ status: 500, body: { code: 'internal_error' } });
      expect(JSON.stringify(answer.body), 'nothing of the database is said outside').not.toMatch(
        /fault|audit_|trigger/,
      );
      const after = await allRows(world.database);
      const answersOnce = answeringAChallenge.includes(name);
      if (answersOnce) for (const dump of [before, after]) delete dump.passkey_challenge;
      expect(after, fault).toEqual(before);

      const again = answersOnce ? await prepared(name) : { as, asked };
      const retried = await ask(again.as, name, again.asked, idempotency);
      expect(retried.status, `the same request after ${fault} was mended`).toBeLessThan(300);
    }
    expect(reached).toEqual(expect.arrayContaining(['audit_event', 'audit_person', 'commit']));
    expect(reached.length).toBeGreaterThan(3);
  });
});

test('T30 of invitations that are written together, one that fails takes no other with it and leaves no part', async () => {
  const stage = await setStage(world);
  await world.database.sql(`
    create function fault.spoil() returns trigger language plpgsql as $$ begin
      if new.recipient like 'spoilt%' then raise exception 'fault: spoilt'; end if;
      return new;
    end $$;
    create trigger spoil before insert on delivery for each row execute function fault.spoil()`);
  const people = Array.from({ length: 40 }, (_, index) => (index % 10 === 3 ? `spoilt-${index}` : `guest-${index}`));
  const answers = await Promise.all(
    people.map((name) =>
      stage.ada.client.post('/organization/user/invitation/send', {
        email: stage.email(name),
        all_features_access: true,
      }),
    ),
  );
  expect(answers.map(({ status }) => status)).toEqual(people.map((name) => (name.startsWith('spoilt') ? 500 : 200)));
  const written = await world.database.sql<{ email: string; parts: number }>(
    `select m.email, (select count(*)::int from member_grant g where g.member_id = m.id)
       + (select count(*)::int from invitation i join delivery d on d.invitation_id = i.id where i.member_id = m.id)
       + (select count(*)::int from audit_event e join audit_person p on p.event_id = e.id where e.target_id = m.id) as parts
     from member m where m.organization_id = $1 and m.status = 'pending'`,
    [stage.organizationId],
  );
  const expected = people
    .filter((name) => !name.startsWith('spoilt'))
    .map((name) => ({ email: stage.email(name), parts: 3 }));
  const byEmail = (a: { email: string }, b: { email: string }): number => (a.email < b.email ? -1 : 1);
  expect(written.sort(byEmail)).toEqual(expected.sort(byEmail));
});

async function prepared(name: OperationName): Promise<{ as: Client; asked: AnyAsked }> {
  const stage: Stage = await setStage(world);
  const { access, session }: Operation = api[name];
  const callers: Partial<Record<AccessKind, Client>> = {
    partner: stage.partner.client,
    public: session === 'starts' ? client(world.base, { 'latchkey-session': '1' }) : world.anonymous,
    ...(access === 'session' && { session: (await stage.signIn('ada')).client }),
  };
  return { as: callers[access] ?? stage.ada.client, asked: await preparations[name](stage) };
}

/** In every table a trigger that fails when it is armed, and one that fails only at the commit. */
async function layFaults({ database }: World): Promise<string[]> {
  const found = await database.sql<{ name: string }>(
    `select relname as name from pg_class
     where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace order by 1`,
  );
  await database.sql(`
    create schema fault;
    create table fault.armed (name text);
    create function fault.trip() returns trigger language plpgsql security definer as $$ begin
      if exists (select from fault.armed where name = tg_argv[0]) then raise exception 'fault: %', tg_argv[0]; end if;
      return coalesce(new, old);
    end $$;
    grant usage on schema fault to public`);
  for (const { name } of found)
    await database.sql(
      `create trigger fault before insert or update or delete on "${name}" for each row execute function fault.trip('${name}')`,
    );
  await database.sql(
    `create constraint trigger fault_at_commit after insert on audit_person deferrable initially deferred
     for each row execute function fault.trip('commit')`,
  );
  return found.map(({ name }) => name);
}

async function arm(fault: string | null): Promise<void> {
  await world.database.sql('delete from fault.armed');
  if (fault !== null) await world.database.sql('insert into fault.armed values ($1)', [fault]);
}
