import { afterAll, beforeAll, expect, test } from 'vitest';
import { AccessTokens } from '../../client/src/index.ts';
import { setStage } from '../access/stage.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ PUBLIC_URL: 'http://latchkey.test' });
});
afterAll(() => world?.stop());

test('T28 who serves one organization takes no tokens that another had issued for the same audience', async () => {
  const [ours, theirs] = [await setStage(world), await setStage(world)];
  const issue = async (stage: typeof ours): Promise<string> => {
    const { status, body } = await stage.ada.client.post('/access/token', {
      member: stage.ada.email,
      audience: 'shop',
    });
    expect(status, JSON.stringify(body)).toBe(201);
    return body.token;
  };
  const settings = {
    issuer: 'http://latchkey.test',
    audience: 'shop',
    fetch: (url: string) => fetch(url.replace('http://latchkey.test/v3', world.base)),
  };
  const bound = new AccessTokens({ ...settings, organization: ours.organizationId });
  expect((await bound.verify(await issue(ours))).can('contacts', 'view')).toBe(true);
  await expect(bound.verify(await issue(theirs))).rejects.toMatchObject({ code: 'unauthorized' });

  // Whoever serves many has to look.
  const open = new AccessTokens(settings);
  expect((await open.verify(await issue(theirs))).organizationId).toBe(theirs.organizationId);
});

test('T28 many tokens at once, forged ones too, ask for the keys once', async () => {
  let asked = 0;
  const tokens = new AccessTokens({
    issuer: 'http://latchkey.test',
    audience: 'shop',
    fetch: (url) => {
      asked++;
      return fetch(url.replace('http://latchkey.test/v3', world.base));
    },
  });
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const forged = (number: number): string =>
    `${part({ alg: 'ES256', typ: 'access+jwt', kid: `key-${number}` })}.${part({})}.${'A'.repeat(86)}`;
  const verified = await Promise.allSettled(Array.from({ length: 50 }, (_, number) => tokens.verify(forged(number))));
  expect(verified.every(({ status }) => status === 'rejected')).toBe(true);
  expect(asked).toBe(1);
});
