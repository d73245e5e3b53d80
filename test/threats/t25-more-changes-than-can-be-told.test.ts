import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latchkey } from '../../client/src/index.ts';
import { changesAtOnce } from '../../server/src/store/access-changes.ts';
import { askDecisionPoint } from '../authzen/decision-point.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const mayView = async (email: string): Promise<{ status: number; decision: unknown }> => {
  const { status, body } = await askDecisionPoint(world, 'evaluation', {
    subject: { type: 'user', id: email },
    action: { name: 'view' },
    resource: { type: 'feature', id: 'contacts' },
  });
  return { status, decision: body.decision };
};

test('T25 a node that has more to learn than can be told forgets everything, and goes on', async () => {
  const [mei, noah] = [
    await world.join('mei@example.com', { permissions: ['contacts:view'] }),
    await world.join('noah@example.com', { permissions: ['contacts:view'] }),
  ];
  for (const { email } of [mei, noah]) expect(await mayView(email)).toEqual({ status: 200, decision: true });
  const replica = await new Latchkey({ url: world.base, apiKey: world.ownerKey }).access.replica();
  try {
    expect(replica.can(mei.email, 'contacts', 'view')).toBe(true);

    // A script goes through everybody, as if there were so many more.
    await world.database.sql(
      `do $$ begin
         for change in 1..${changesAtOnce} loop
           update member set access_expires_at = now() + change * interval '1 day' where email = 'noah@example.com';
         end loop;
         update member set suspended_at = now() where email = 'mei@example.com';
       end $$`,
    );
    await expect.poll(() => mayView(mei.email), { timeout: 3_000 }).toEqual({ status: 200, decision: false });
    expect(await mayView(noah.email)).toEqual({ status: 200, decision: true });
    await replica.current();
    await expect.poll(() => replica.isCurrent() && replica.can(mei.email, 'contacts', 'view')).toBe(false);
    await expect.poll(() => replica.isCurrent() && replica.can(noah.email, 'contacts', 'view')).toBe(true);

    // And what comes after is told as ever.
    const { body } = await world.owner.post('/organization/user/update/permissions', {
      email: noah.email,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['export'] }],
    });
    expect(body.status).toBe('OK');
    await expect.poll(() => mayView(noah.email), { timeout: 3_000 }).toEqual({ status: 200, decision: false });
    await expect.poll(() => replica.isCurrent() && replica.can(noah.email, 'contacts', 'view')).toBe(false);
  } finally {
    replica.close();
  }
});
