import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());

const answer = (verb: 'inspect' | 'accept', token: string) =>
  world.anonymous.post(`/organization/user/invitation/${verb}`, { token });

test('T22: looking at a link, however often, and a refused acceptance do not use it up', async () => {
  const token = await world.invite('mei@example.com');
  for (let look = 0; look < 5; look++) {
    expect(await answer('inspect', token)).toMatchObject({ status: 200, body: { state: 'pending' } });
  }
  const takeSeats = `update organization set seats = 1 where id = $1`;
  await world.database.sql(takeSeats, [world.organizationId]);
  expect((await answer('accept', token)).status).toBe(402);
  expect(await answer('inspect', token)).toMatchObject({ status: 200, body: { state: 'pending' } });

  await world.database.sql('update organization set seats = null where id = $1', [world.organizationId]);
  expect(await answer('accept', token)).toMatchObject({ status: 200, body: { state: 'joined' } });
});

test('T22: a link that was used still says where it led, and a click on it later is no error', async () => {
  const token = await world.invite('tomas@example.com');
  const joined = await answer('accept', token);
  expect(await answer('inspect', token)).toMatchObject({ status: 200, body: { state: 'joined' } });
  expect((await answer('accept', token)).body).toEqual(joined.body);
});
