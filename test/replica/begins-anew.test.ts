import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import { expect, onTestFinished, test } from 'vitest';
import type { Replica } from '../../client/src/index.ts';
import { catalogues } from '../differential/catalogues.ts';
import { type Installation, install } from '../differential/installation.ts';

const lease = 500;
const { first, grown, dearer } = catalogues as Record<'first' | 'grown' | 'dearer', CatalogueFile>;

async function following(): Promise<{ installation: Installation; replica: Replica }> {
  const installation = await install(first, lease);
  onTestFinished(() => installation.stop());
  const granted = ['docs:write', 'notes:write', 'archive:open'];
  await installation.add({ email: 'mei@example.com', granted, everything: false, owner: false });
  const replica = await installation.apis[0].access.replica({ lease });
  onTestFinished(() => replica.close());
  return { installation, replica };
}
const allowed = (replica: Replica, ...names: string[]): boolean[] =>
  names.map((name) => replica.can('mei@example.com', ...(name.split(':') as [string, string])));

test('where servers come back with another catalogue, names mean what they mean there', async () => {
  const { installation, replica } = await following();
  const names = ['docs:write', 'docs:print', 'notes:write', 'docs:edit', 'archive:open', 'papers:read'];
  expect(allowed(replica, ...names)).toEqual([true, false, true, false, true, false]);
  await installation.restart(grown);
  await sleep(lease);
  await replica.current();
  expect(allowed(replica, ...names)).toEqual([true, true, true, true, true, true]);
  await installation.restart(first);
  await sleep(lease);
  await replica.current();
  expect(allowed(replica, ...names)).toEqual([true, false, true, false, true, false]);
});

test('where only what the plans have is another, so is the answer', async () => {
  const { installation, replica } = await following();
  expect(allowed(replica, 'docs:write', 'notes:write')).toEqual([true, true]);
  await installation.restart(dearer);
  await sleep(lease);
  await replica.current();
  expect(allowed(replica, 'docs:write', 'notes:write')).toEqual([true, false]);
});

test('where the database was replaced by an older one, what it does not know did not happen', async () => {
  const { installation, replica } = await following();
  const { database, owner, organizationId, apis } = installation;
  for (const suspended of [true, false, true, false])
    await owner.put('/organization/user/mei@example.com', { suspended });
  await replica.current({ revision: 4 });
  expect(allowed(replica, 'docs:write')).toEqual([true]);

  // As it was when she was suspended for the first time.
  await database.sql(`update member set suspended_at = now() where email = 'mei@example.com'`);
  await database.sql(`delete from access_change where revision > 1`);
  await database.sql('update organization set access_revision = 1 where id = $1', [organizationId]);
  await installation.restart(first);
  await sleep(lease);
  await replica.current();
  expect(replica.revision).toBe(1);
  expect(allowed(replica, 'docs:write')).toEqual([false]);
  expect((await apis[0].getAccessRevision()).revision).toBe(1);
});

test('a replica from a later history is told to begin anew', async () => {
  const { installation } = await following();
  const { owner } = installation;
  const answer = await owner.get('/access/changes?after=7');
  expect(answer.status).toBe(200);
  const text = await fetch(`${installation.url}/v3/access/changes?after=7`, {
    headers: { 'api-key': `owner-key-${'0'.repeat(30)}` },
  }).then((response) => response.text());
  expect(text).toContain('event: reset');
});
