import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { client } from '../client.ts';
import { startWorld, type World } from '../world.ts';

const command = fileURLToPath(new URL('../../server/src/commands/sign-in-link.ts', import.meta.url));
const secret = 'a-secret-for-tests-of-32-characters-and-more';

let world: World;
beforeAll(async () => {
  world = await startWorld({ LATCHKEY_SECRET: secret });
});
afterAll(() => world?.stop());

function run(...given: string[]) {
  const { database } = world;
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    LATCHKEY_SECRET: secret,
    PUBLIC_URL: 'https://team.example.com',
  };
  return spawnSync(process.execPath, [command, ...given], { encoding: 'utf8', env });
}

const signInWith = (link: string | undefined) =>
  client(world.base, { 'latchkey-session': '1' }).post('/sign-in', { token: link?.split('#')[1] });

test('the operator’s link signs a member in once, and says to what', async () => {
  await world.join('mei@example.com', { permissions: ['contacts:view'] });
  const { status, stdout } = run('Mei@Example.com');
  expect(status).toBe(0);
  expect(stdout).toContain('to My organization.');
  const [link] = /https:\/\/team\.example\.com\/console\/sign-in#\S+/.exec(stdout) ?? [];
  expect(await signInWith(link)).toMatchObject({ status: 200, body: { email: 'mei@example.com' } });
  expect(await signInWith(link)).toMatchObject({ status: 404 });
});

test('whoever is bound elsewhere already is let in there too, which the operator is told', async () => {
  const created = await world.partner.post('/corporate/subAccount', {
    companyName: 'Globex',
    email: 'olga@example.com',
  });
  await world.join('kai@example.com', {});
  await world.join('kai@example.com', {}, created.body.id);
  await world.signIn('kai@example.com', created.body.id);
  expect(run('kai@example.com', world.organizationId).stdout).toMatch(
    /to (My organization, Globex|Globex, My organization)\./,
  );
  await world.join('ben@example.com', {});
  await world.join('ben@example.com', {}, created.body.id);
  expect(run('ben@example.com', created.body.id).stdout).toContain('to Globex.');
});

test.each([
  [['nobody@example.com'], /Nobody has joined with the address nobody@example.com/],
  [['nobody'], /Invalid email/],
  [[], /Usage: npm run sign-in-link/],
  [['a@example.com', 'b', 'c'], /Usage: npm run sign-in-link/],
])('for %j there is a sentence and no link', (given, sentence) => {
  const { status, stdout, stderr } = run(...given);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).not.toMatch(/\n\s+at /);
});
