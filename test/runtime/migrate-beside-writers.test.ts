import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nothing } from '@latchkey/core/holdings.ts';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { newId } from '../../server/src/new-id.ts';
import { clientConfig } from '../../server/src/postgres/connection.ts';
import { migrate } from '../../server/src/postgres/migrate.ts';
import { type Database, poolDatabase } from '../../server/src/store/database.ts';
import { insertMember, updateGrants, updateStatus } from '../../server/src/store/members.ts';
import { migrationFolder, ownMigrations } from './migration-folder.ts';
import { emptyDatabase, query, sharedPostgres } from './temporary-database.ts';

const servingRole = 'latchkey';
const organizationId = newId();
const before = 5_000;

/** The migrations up to one, as a release had them that came before the others. */
const releaseOf = (version: number): string =>
  migrationFolder(
    Object.fromEntries(
      readdirSync(ownMigrations)
        .filter((file) => Number.parseInt(file, 10) <= version)
        .map((file) => [file, readFileSync(join(ownMigrations, file), 'utf8')]),
    ),
  );

describe.each([
  ['PostgreSQL 18', {}],
  ['PostgreSQL 15', { packageName: 'postgres-15' }],
])('%s', (_, options) => {
  const postgres = sharedPostgres(options);

  test.each([5, 7])(
    'members are invited, changed and accepted while release %i is brought up to date: nobody fails, is lost or cannot be searched',
    async (version) => {
      const { owner, serving } = await emptyDatabase(postgres());
      await migrate({ owner, servingRole, folder: releaseOf(version) });
      await query(
        owner,
        `insert into organization (id, name, plan) values ('${organizationId}', 'Acme', 'enterprise');
         insert into member (organization_id, id, email, status, locale)
           select '${organizationId}', gen_random_uuid(), 'someone' || n || '@before.test', 'pending', 'en' from generate_series(1, ${before}) n;
         insert into member_grant (organization_id, member_id, permissions) select organization_id, id, '{}' from member`,
      );
      const pool = new pg.Pool({ ...clientConfig(serving, 'latchkey'), max: 4 });
      // Those that are being closed while the database stops hear of it.
      pool.on('connect', (client) => client.on('error', () => {}));
      onTestFinished(() => pool.end());
      const database = poolDatabase(pool);

      let migrated = false;
      const writers = Array.from({ length: 4 }, (_, writer) => writeUntil(database, writer, () => migrated));
      const { applied } = await migrate({ owner, servingRole, folder: ownMigrations }).finally(() => {
        migrated = true;
      });
      const written = (await Promise.all(writers)).flat();

      expect(applied).toContain('search_by_status_alone');
      const stored = await query<{ email: string }>(
        owner,
        `select email from member where status = 'active' and email like '%@during.test' order by email`,
      );
      expect(stored.map(({ email }) => email)).toEqual(written.toSorted());
      const found = await query<{ found: number }>(
        owner,
        `set enable_seqscan = off;
         select count(*)::int as found from member
         where status <> 'removed' and address_parts(email, id, status) @@ '''some'' | ''^some'' | ''ring'''::tsquery`,
      );
      expect(found).toEqual([{ found: before + written.length }]);
    },
  );
});

/** Invites, changes and accepts one after another, each in a transaction of several statements; gives the addresses of who was acknowledged. */
async function writeUntil(database: Database, writer: number, isOver: () => boolean): Promise<string[]> {
  const written: string[] = [];
  for (let n = 0; n === 0 || !isOver(); n++) {
    const id = newId();
    const email = `writer${writer}-${String(n).padStart(5, '0')}@during.test`;
    await database.transaction(async (transaction) => {
      // As use cases do, which look before they write: a lock to read, and then one to write.
      await transaction.rows('select id from member where organization_id = $1 and email = $2', [
        organizationId,
        email,
      ]);
      await insertMember(transaction, {
        organizationId,
        id,
        email,
        locale: 'en',
        holdings: nothing,
        status: 'pending',
      });
      await updateGrants(transaction, organizationId, id, { ...nothing, everything: true });
      await updateStatus(transaction, organizationId, id, 'active');
    });
    written.push(email);
  }
  return written;
}
