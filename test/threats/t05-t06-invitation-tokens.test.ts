import { createHmac } from 'node:crypto';
import { deriveKey, type InvitationLink, linkKey, signInvitationLink } from '@latchkey/core/invitation-link.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allRows } from '../access/rows-of.ts';
import { type Stage, setStage } from '../access/stage.ts';
import type { Answer } from '../client.ts';
import { startWorld, type World } from '../world.ts';

const secret = 'a-secret-for-tests-of-32-characters-and-more';

let world: World;
let stage: Stage;
let token: string;
let link: InvitationLink;
beforeAll(async () => {
  world = await startWorld();
  stage = await setStage(world);
  ({ token } = await stage.pending('mei', { permissions: ['contacts:view'] }));
  const read = world.server.services.links.read(token);
  if (!read) throw new Error('the token of the mail cannot be read');
  link = read;
});
afterAll(() => world?.stop());

const answer = (verb: 'inspect' | 'accept' | 'decline', sent: string): Promise<Answer> =>
  world.anonymous.post(`/organization/user/invitation/${verb}`, { token: sent });

describe('T5 joining hands out no credentials', () => {
  test('the answer says who joined what, and nothing that opens anything', async () => {
    const invited = await stage.pending('noor', { all: true });
    const keysBefore = await world.database.sql('select hash from key_secret order by hash');
    for (const verb of ['inspect', 'accept', 'accept', 'inspect'] as const) {
      const { status, body, headers } = await answer(verb, invited.token);
      expect(status).toBe(200);
      const parts = ['status', 'state', 'email', 'organization', 'redirect_url', 'signed_in'];
      const shown = ['state', 'email', 'organization', 'inviter', 'locale', 'expires_at', 'access', 'redirect_url'];
      expect(verb === 'accept' ? parts : shown).toEqual(expect.arrayContaining(Object.keys(body)));
      expect(JSON.stringify(body)).not.toMatch(/lkp?_|[0-9a-f]{8}-[0-9a-f]{4}|#/);
      expect(JSON.stringify(body)).not.toContain(invited.token);
      expect(headers.get('set-cookie')).toBeNull();
      expect(headers.get('authorization')).toBeNull();
      expect(headers.get('cache-control')).toBe('no-store');
    }
    expect(await world.database.sql('select hash from key_secret order by hash')).toEqual(keysBefore);
  });

  test('the token of an invitation is no key', async () => {
    for (const headers of [{ 'api-key': token }, { 'partner-key': token }, { authorization: `Bearer ${token}` }])
      expect((await world.anonymous.get('/account', headers)).status).toBe(401);
  });
});

describe('T6 a token that was tampered with opens nothing', () => {
  const refused = async (tokens: Iterable<string>): Promise<number> => {
    const before = await allRows(world.database);
    const answers = await Promise.all(
      [...tokens].flatMap((sent) => (['inspect', 'accept'] as const).map((verb) => answer(verb, sent))),
    );
    for (const { status, body } of answers)
      expect({ status, reason: body.details?.[0]?.reason }).toEqual({ status: 404, reason: 'invitation_unknown' });
    expect(await allRows(world.database)).toEqual(before);
    return answers.length;
  };
  const bytes = (): Buffer => Buffer.from(token, 'base64url');
  /** The payload changed, under the signature of the unchanged one. */
  const repacked = (change: (payload: Buffer) => void): string => {
    const copy = bytes();
    change(copy);
    return copy.toString('base64url');
  };

  test('any bit of it flipped', async () => {
    const flipped = Array.from({ length: bytes().length * 8 }, (_, bit) =>
      repacked((copy) => copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)),
    );
    expect(await refused(flipped)).toBe(2 * 70 * 8);
  });

  test('any character of it replaced, and every other spelling of its last one', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const next = (character: string): string => alphabet[(alphabet.indexOf(character) + 1) % 64] ?? '';
    const replaced = [...token].map((character, at) => token.slice(0, at) + next(character) + token.slice(at + 1));
    const lastOnes = [...alphabet].filter((last) => last !== token.at(-1)).map((last) => token.slice(0, -1) + last);
    const sameBytes = lastOnes.filter((spelling) => Buffer.from(spelling, 'base64url').equals(bytes()));
    expect(sameBytes.length, 'spellings that decode to the same bytes are refused too').toBeGreaterThan(0);
    await refused([...replaced, ...lastOnes]);
  });

  test('cut short, made longer, or written as base64 is written elsewhere', async () => {
    const shorter = Array.from({ length: token.length - 1 }, (_, length) => token.slice(0, length + 1));
    await refused([
      ...shorter,
      `${token}A`,
      `${token}AA`,
      token + token,
      `${token}==`,
      `${token}=`,
      ` ${token}`,
      `${token}\n`,
      `${token.slice(0, 40)}\n${token.slice(40)}`,
      `${bytes().toString('base64')}`,
      `${bytes().toString('base64')}A`,
      bytes().toString('hex'),
      token.toUpperCase(),
      encodeURIComponent(token).replace('A', '%41'),
    ]);
  });

  test('its purpose, version, organization, invitation or generation exchanged', async () => {
    const other = await setStage(world);
    const foreign = await other.pending('olga');
    const theirs = Buffer.from(foreign.token, 'base64url');
    await refused([
      repacked((copy) => copy.writeUInt8(1, 1)),
      repacked((copy) => copy.writeUInt8(2, 1)),
      repacked((copy) => copy.writeUInt8(2, 0)),
      repacked((copy) => theirs.copy(copy, 2, 2, 18)),
      repacked((copy) => theirs.copy(copy, 18, 18, 34)),
      repacked((copy) => theirs.copy(copy, 2, 2, 34)),
      repacked((copy) => theirs.copy(copy, 38, 38)),
      repacked((copy) => copy.writeUInt32BE(2, 34)),
      repacked((copy) => copy.writeUInt32BE(0, 34)),
    ]);
  });

  test('signed with another secret, or with ours for another purpose', async () => {
    await refused([
      signInvitationLink(linkKey(`${secret}!`), link),
      signInvitationLink(deriveKey(secret, 'latchkey/idempotency'), link),
      signInvitationLink(deriveKey(secret, 'latchkey/fingerprint'), link),
      signInvitationLink(Buffer.alloc(32), link),
      signInvitationLink(Buffer.from(secret), link),
      repacked((copy) => createHmac('sha256', secret).update(copy.subarray(0, 38)).digest().copy(copy, 38)),
    ]);
  });

  test('well signed, about an invitation that is not there or stands in another organization', async () => {
    const key = linkKey(secret);
    const other = await setStage(world);
    expect(signInvitationLink(key, link), 'the key is the server’s').toBe(token);
    await refused([
      signInvitationLink(key, { ...link, organizationId: other.organizationId }),
      signInvitationLink(key, { ...link, invitationId: world.server.services.newId() }),
      signInvitationLink(key, { ...link, invitationId: link.organizationId }),
    ]);
  });

  test('well signed, of a generation that has not come yet or has gone', async () => {
    const key = linkKey(secret);
    for (const generation of [0, 2, 3, 4_294_967_295])
      expect(await answer('accept', signInvitationLink(key, { ...link, generation }))).toMatchObject({
        status: 404,
        body: { details: [{ reason: 'invitation_replaced' }] },
      });
  });

  test('and the true one still works', async () => {
    expect((await answer('accept', token)).status).toBe(200);
  });
});
