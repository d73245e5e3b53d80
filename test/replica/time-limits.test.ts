import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latchkey, type Replica } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let replica: Replica;
beforeAll(async () => {
  world = await startWorld();
  replica = await new Latchkey({ url: world.base, apiKey: world.ownerKey }).access.replica();
});
afterAll(async () => {
  replica?.close();
  await world?.stop();
});

test.each(['1970-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '1901-01-01T00:00:00Z'])(
  'access that ended at %s has ended, however a script wrote it',
  async (moment) => {
    const email = `until-${moment.slice(0, 10)}@example.com`;
    const { id } = await world.join(email, { permissions: ['contacts:view'] });
    await world.database.sql('update member set access_expires_at = $2 where id = $1', [id, moment]);
    await expect
      .poll(() => replica.explain({ member: email, feature: 'contacts', permission: 'view' }).reason)
      .toBe('access_expired');
    const fresh = await new Latchkey({ url: world.base, apiKey: world.ownerKey }).access.replica();
    try {
      expect(fresh.can(email, 'contacts', 'view')).toBe(false);
    } finally {
      fresh.close();
    }
  },
);

test('a limit that never comes, or always was, can be written by nobody', async () => {
  for (const moment of ['infinity', '-infinity'])
    await expect(world.database.sql('update member set access_expires_at = $1', [moment])).rejects.toThrow(
      /member_access_expires_at_is_finite/,
    );
});

test('access until the end of time as it can be written goes on', async () => {
  const moment = '290000-01-01T00:00:00Z';
  const email = 'until-the-end@example.com';
  const { id } = await world.join(email, { permissions: ['contacts:view'] });
  await world.database.sql('update member set access_expires_at = $2 where id = $1', [id, moment]);
  const fresh = await new Latchkey({ url: world.base, apiKey: world.ownerKey }).access.replica();
  try {
    expect(fresh.can(email, 'contacts', 'view')).toBe(true);
  } finally {
    fresh.close();
  }
});
