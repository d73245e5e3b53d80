import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askDecisionPoint, paths } from '../authzen/decision-point.ts';
import { rawRequest } from '../bad-input/raw-http.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ ACCESS_LEASE: '500ms' });
});
afterAll(() => world?.stop());

const question = (id: string) => ({
  subject: { type: 'user', id },
  action: { name: 'view' },
  resource: { type: 'feature', id: 'contacts' },
});

test('T25 a batch that waits for the database does not keep a yes that was taken away meanwhile', async () => {
  const permissions = ['contacts:view'] as const;
  const mei = await world.join('mei@example.com', { permissions });
  const noah = await world.join('noah@example.com', { permissions });
  expect((await askDecisionPoint(world, 'evaluation', question(mei.email))).body.decision).toBe(true);

  // Whoever is not in memory has to wait; changes go on.
  const held = world.database.sql(
    'begin; lock table member_grant in access exclusive mode; select pg_sleep(2); commit',
  );
  await sleep(100);
  const batch = askDecisionPoint(world, 'evaluations', {
    evaluations: [question(mei.email), question(noah.email)],
  });
  await sleep(100);
  await world.database.sql('update member set suspended_at = now() where id = $1', [mei.id]);
  const { status, body } = await batch;
  await held;
  expect(status === 200 ? body.evaluations[0].decision : status).not.toBe(true);
});

test('T25 who finishes their question after their key was deleted is not answered', async () => {
  const { body: made } = await world.owner.post('/organization/api-keys', {
    name: 'Soon gone',
    all_features_access: true,
  });
  expect(made.key).toBeDefined();
  const headers = { 'api-key': made.key, 'content-type': 'application/json' };
  const whole = rawRequest('POST', paths.evaluation, headers, JSON.stringify(question('ada@example.com')));
  const ask = async (finish: () => Promise<void>): Promise<string> => {
    const socket = connect(world.server.port, '127.0.0.1');
    let text = '';
    socket.on('data', (bytes) => (text += String(bytes)));
    socket.write(whole.slice(0, -5));
    await finish();
    socket.write(whole.slice(-5));
    await expect.poll(() => text, { timeout: 3_000 }).toContain('HTTP/1.1');
    socket.destroy();
    return text.slice(9, 12);
  };
  expect(await ask(() => sleep(50))).toBe('200');
  const answered = await ask(async () => {
    await sleep(50);
    expect((await world.owner.delete(`/organization/api-keys/${made.id}`)).status).toBe(200);
    await sleep(1_000);
  });
  expect(answered).toBe('401');
});
