import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latchkey } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let ada: Latchkey;
/** What was asked, path and query. */
const asked: string[] = [];
beforeAll(async () => {
  world = await startWorld();
  ada = new Latchkey({
    url: world.base,
    apiKey: world.ownerKey,
    fetch: (url, init) => {
      asked.push(url.slice(world.base.length));
      return fetch(url, init);
    },
  });
  const invite = (email: string) => ada.inviteMember({ email, all_features_access: false, privileges });
  for (let tens = 0; tens < 25; tens++)
    await Promise.all(Array.from({ length: 10 }, (_, one) => invite(`person-${tens * 10 + one}@example.com`)));
});
afterAll(() => world?.stop());

const privileges = [{ feature: 'contacts', permissions: ['view'] }];

async function emails(list: AsyncIterable<{ email: string }>): Promise<string[]> {
  return (await Array.fromAsync(list)).map(({ email }) => email);
}

test('members come one by one, all of them once, page after page', async () => {
  asked.length = 0;
  const listed = await emails(ada.members({ status: 'pending' }));
  expect(listed).toHaveLength(250);
  expect(new Set(listed).size).toBe(250);
  expect(asked).toHaveLength(3);
  expect(listed).toEqual((await ada.listMembers({ status: 'pending', limit: 1000 })).users.map(({ email }) => email));
});

test('how many a page brings can be said, and whoever stops asks for no more', async () => {
  asked.length = 0;
  const first: string[] = [];
  for await (const { email } of ada.members({ pageSize: 20 })) {
    first.push(email);
    if (first.length === 30) break;
  }
  expect(first).toHaveLength(30);
  expect(asked.map((path) => new URLSearchParams(path.split('?')[1]).get('limit'))).toEqual(['20', '20']);
});

test('deliveries and the audit log are gone through likewise', async () => {
  expect(new Set(await emails(ada.deliveries({ state: 'sent' }))).size).toBe(0);
  expect(new Set(await emails(ada.deliveries())).size).toBe(250);
  const invitations = await Array.fromAsync(ada.activities({ action: 'member.invited' }));
  expect(new Set(invitations.map(({ user_email }) => user_email)).size).toBe(250);
});

test('a filter that nobody fits gives nobody, a wrong one the server’s refusal', async () => {
  expect(await emails(ada.members({ search: 'nobody-has-this' }))).toEqual([]);
  await expect(emails(ada.members({ permission: 'contacts:exports' }))).rejects.toMatchObject({ status: 400 });
});

test('a signal ends the going through', async () => {
  const controller = new AbortController();
  const seen: string[] = [];
  const going = async () => {
    for await (const { email } of ada.members({ pageSize: 10 }, { signal: controller.signal })) {
      seen.push(email);
      if (seen.length === 10) controller.abort();
    }
  };
  await expect(going()).rejects.toMatchObject({ code: 'aborted' });
  expect(seen).toHaveLength(10);
});
