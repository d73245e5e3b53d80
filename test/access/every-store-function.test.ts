import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database, Row } from '../../server/src/store/database.ts';
import type { SoftwarePasskey } from '../sign-in/software-authenticator.ts';
import { startWorld, type World } from '../world.ts';
import { rowsOf } from './rows-of.ts';
import { makePartner, type Stage, setStage } from './stage.ts';
import { type Rows, type ScopedCall, storeCalls, type Unscoped } from './store-calls.ts';

const folder = join(import.meta.dirname, '../../server/src/store');
const calls = Object.entries(storeCalls).flatMap(([module, functions]) =>
  Object.entries<ScopedCall | Unscoped>(functions).map(([name, call]) => ({ module, name, call })),
);
const scoped = calls.flatMap(({ module, name, call }) => (typeof call === 'function' ? [{ module, name, call }] : []));

let world: World;
let ours: Rows;
let theirs: Rows;
/** All that only stands in the other organization, for looking whether anything of it came back. */
let markers: string[];

beforeAll(async () => {
  world = await startWorld();
  ours = await rowsFor(await setStage(world, await makePartner(world)));
  theirs = await rowsFor(await setStage(world, await makePartner(world)));
  const text = JSON.stringify(await everythingOf(theirs));
  markers = [...new Set(text.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]+@organization-\d+\.example/g))];
  expect(markers.length).toBeGreaterThan(20);
});
afterAll(() => world?.stop());

test('every exported function of the store is listed', async () => {
  const exported: string[] = [];
  // What is in a folder belongs to the module of its name, which alone imports it (test/architecture).
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    const module: Record<string, unknown> = await import(join(folder, file));
    for (const [name, value] of Object.entries(module))
      if (typeof value === 'function' && !/^class\s/.test(Function.prototype.toString.call(value)))
        exported.push(`${file.replace(/\.ts$/, '')} ${name}`);
  }
  expect(calls.map(({ module, name }) => `${module} ${name}`).sort()).toEqual(exported.sort());
  expect(scoped.length).toBeGreaterThan(40);
});

describe.each(scoped)('$module $name', ({ call }) => {
  test('works on its own organization and neither changes nor returns rows of another', async () => {
    const { changed, answer, worked } = await tried(call, ours);
    expect(worked, 'it changed nothing and returned nothing, so this proves nothing').toBe(true);
    expect(changed).toEqual([]);
    expect(markers.filter((marker) => answer.includes(marker))).toEqual([]);
  });

  test('pointed at rows of another organization it neither changes nor returns them', async () => {
    const { changed, answer } = await tried(call, theirs);
    expect(changed).toEqual([]);
    expect(markers.filter((marker) => answer.includes(marker))).toEqual([]);
  });
});

test('the sweep would see a function that forgets the organization', async () => {
  const forgetful: ScopedCall = ({ db }, _its, rows) =>
    db.rowsPlannedAnew('update member set locale = $2 where id = $1 returning id', [rows.memberId, 'xx']);
  const { changed, answer } = await tried(forgetful, theirs);
  expect(changed).toEqual(['member']);
  expect(answer).toContain(theirs.memberId);
});

/** Calls it for our organization in a transaction that is undone, and says which of their tables differ afterwards. */
async function tried(call: ScopedCall, rows: Rows): Promise<{ changed: string[]; answer: string; worked: boolean }> {
  const { db, catalogue, newId } = world.server.services;
  const undo = new Error('undone');
  let result = { changed: ['not tried'], answer: '', worked: false };
  await db
    .transaction(async (transaction) => {
      const [before, own] = [await everythingOf(theirs, transaction), await everythingOf(ours, transaction)];
      await transaction.rowsPlannedAnew('savepoint before_call');
      const outcome = await call({ db: transaction, catalogue, newId }, ours, rows).catch((error: Error) => error);
      // A key that would point across organizations is refused by the schema itself, which undoes the call.
      if (outcome instanceof Error) {
        if (rows === ours) throw outcome;
        expect(outcome.message).toMatch(/violates foreign key constraint|one row was expected, not 0/);
        await transaction.rowsPlannedAnew('rollback to savepoint before_call');
      }
      const after = await everythingOf(theirs, transaction);
      const answer = outcome instanceof Error ? '' : (JSON.stringify(outcome) ?? '');
      const worked =
        /[1-9]|true|[a-z]{3}@/.test(answer) || differences(own, await everythingOf(ours, transaction)).length > 0;
      result = { changed: differences(before, after), answer, worked };
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return result;
}

const differences = (before: Record<string, string[]>, after: Record<string, string[]>): string[] =>
  Object.keys(before).filter((table) => before[table]?.join() !== after[table]?.join());

/** An organization’s rows, its partner’s, and those of the people who sign in there, seen from inside a transaction or from outside. */
async function everythingOf(rows: Rows, inside?: Database): Promise<Record<string, string[]>> {
  const sql = async <R>(text: string, values?: unknown[]): Promise<R[]> =>
    inside ? inside.rowsPlannedAnew<R>(text, values) : ((await world.database.sql<Row>(text, values)) as R[]);
  const dump = await rowsOf({ sql }, rows.organizationId);
  for (const table of ['partner_key', 'key_secret'])
    dump[`${table} of the partner`] = (
      await sql<{ row: string }>(
        `select (to_jsonb(t) - 'last_used_at')::text as row from ${table} t where partner_id = $1 order by 1`,
        [rows.partnerId],
      )
    ).map(({ row }) => row);
  for (const [table, column] of [
    ['identity', 'id'],
    ...['session', 'passkey', 'passkey_challenge'].map((name) => [name, 'identity_id']),
  ])
    dump[`${table} of the people`] = (
      await sql<{ row: string }>(
        `select (to_jsonb(t) - 'last_used_at')::text as row from ${table} t
         where ${column} in (select identity_id from member where organization_id = $1) order by 1`,
        [rows.organizationId],
      )
    ).map(({ row }) => row);
  return dump;
}

async function rowsFor(stage: Stage): Promise<Rows> {
  const { organizationId, partner } = stage;
  await partner.client.put(`/corporate/subAccount/${organizationId}/plan`, { plan: 'enterprise' });
  const member = await stage.member('noor', { permissions: ['contacts:view'] });
  const invited = await stage.pending('pia');
  const externalId = `u-${member.id}`;
  await stage.ada.client.put(`/organization/user/${member.email}`, { external_id: externalId });
  await stage.signIn('noor');
  const { passkey } = await stage.passkey('noor');
  const { passkey: unanswered } = await stage.newPasskey('noor');
  const leaver = await stage.member('wen', { permissions: ['contacts:view'] });
  await stage.signIn('wen');
  await stage.ada.client.put(`/organization/user/invitation/revoke/${leaver.email}`);
  // As if a session had begun at the same moment.
  await world.database.sql(
    `insert into session (identity_id, id, secret_hash, method, ip, expires_at)
     select identity_id, gen_random_uuid(), sha256(id::text::bytea), 'passkey', '203.0.113.7', now() + interval '1 hour' from member where id = $1`,
    [leaver.id],
  );
  await world.database.sql(
    'update passkey set counter = 7 where identity_id = (select identity_id from member where id = $1)',
    [member.id],
  );
  const session = `from session where identity_id = (select identity_id from member where organization_id = $1 and id = '${member.id}') order by id limit 1`;
  const one = async (text: string): Promise<string> => {
    const [row] = await world.database.sql<{ id: string }>(text, [organizationId]);
    if (!row) throw new Error(text);
    return row.id;
  };
  return {
    organizationId,
    partnerId: partner.id,
    partnerKeyId: partner.keyId,
    memberId: member.id,
    email: member.email,
    externalId,
    pendingId: await one(`select id from member where organization_id = $1 and status = 'pending'`),
    pendingEmail: invited.email,
    invitationId: await one('select id from invitation where organization_id = $1'),
    deliveryId: await one('select id from delivery where organization_id = $1'),
    keyId: stage.ada.keyId,
    eventId: await one('select id from audit_event where organization_id = $1 order by id desc limit 1'),
    removedEmail: leaver.email,
    removedId: leaver.id,
    identityId: await one(`select identity_id as id ${session}`),
    sessionId: await one(`select id ${session}`),
    sessionHash: await one(`select encode(secret_hash, 'hex') as id ${session}`),
    passkeyId: await one(
      `select p.id from passkey p join member m on m.identity_id = p.identity_id where m.organization_id = $1`,
    ),
    credentialId: Buffer.from(passkey.id, 'base64url'),
    challenge: challengeIn(unanswered),
  };
}

const challengeIn = ({ registration }: SoftwarePasskey): Buffer => {
  const { clientDataJSON } = registration.response as { clientDataJSON: string };
  const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'));
  return Buffer.from(challenge, 'base64url');
};
