import { describe, expect, test } from 'vitest';
import { ask, placed, reasonOf, record1, refused, valid, world, yes } from './asking.ts';

describe('names', () => {
  test('of 1,000 characters are unknown, longer ones are refused', async () => {
    for (const unit of ['x', 'é', '€', '😀'.slice(0, 2)]) {
      const long = unit.repeat(1000 / unit.length);
      expect(await reasonOf(long, 'record-1', 'read')).toBe('not_a_member');
      expect(await reasonOf('alice', long, 'read')).toBe('unknown_feature');
      expect(await reasonOf('alice', 'record-1', long)).toBe('unknown_permission');
      for (const place of ['subject.id', 'subject.type', 'resource.id', 'resource.type', 'action.name'])
        await refused('evaluation', placed(yes, place, `${long}x`));
    }
  });

  test('empty ones, spaces and controls are nobody’s', async () => {
    for (const odd of [
      '',
      ' ',
      'alice ',
      ' alice',
      'Alice',
      'ALICE',
      'alice\n',
      'alice\u200b',
      '*',
      '%',
      'alice%',
      '_lice',
      "' or 1=1 --",
    ]) {
      expect(await reasonOf(odd, 'record-1', 'read'), odd).toBe('not_a_member');
      expect(await reasonOf('alice', odd, 'read'), odd).toBe('unknown_feature');
      expect(await reasonOf('alice', 'record-1', odd), odd).toBe('unknown_permission');
    }
  });

  test('that objects have by themselves are unknown like any other', async () => {
    for (const name of [
      '__proto__',
      'prototype',
      'toString',
      'hasOwnProperty',
      'valueOf',
      '__defineGetter__',
      'length',
    ]) {
      expect(await reasonOf(name, 'record-1', 'read'), name).toBe('not_a_member');
      expect(await reasonOf('alice', name, 'read'), name).toBe('unknown_feature');
      expect(await reasonOf('alice', 'record-1', name), name).toBe('unknown_permission');
      for (const [endpoint, place] of [
        ['resource', 'subject.id'],
        ['action', 'subject.id'],
        ['action', 'resource.id'],
        ['subject', 'resource.id'],
        ['subject', 'action.name'],
      ] as const)
        expect((await ask(endpoint, placed(valid[endpoint], place, name))).body.results, `${place} ${name}`).toEqual(
          [],
        );
    }
    expect(await reasonOf('alice', 'record-1', 'constructor')).toBe('unknown_permission');
  });

  test('that objects have by themselves can be a feature and a permission of a catalogue', async () => {
    const { email } = await world.join('proto@example.com', { permissions: ['constructor:constructor'] });
    expect(await reasonOf(email, 'constructor', 'constructor')).toBe('granted');
    expect(await reasonOf(email, 'constructor', 'read')).toBe('unknown_permission');
    expect(await reasonOf('alice', 'constructor', 'constructor')).toBe('not_granted');
    const { body } = await world.anonymous.get('/access/vocabulary');
    expect(body.permissions.constructor).toEqual({ constructor: expect.any(Number) });
    expect(
      (
        await ask('resource', {
          subject: { type: 'user', id: email },
          action: { name: 'constructor' },
          resource: { type: 'record' },
        })
      ).body.results,
    ).toEqual([{ type: 'record', id: 'constructor' }]);
  });

  test('of other types are unknown, which is a denial', async () => {
    for (const [place, reason] of [
      ['subject.type', 'unknown_subject_type'],
      ['resource.type', 'unknown_resource_type'],
    ] as const)
      for (const type of ['spaceship', '', 'User', 'feature', '__proto__', 'constructor'])
        expect((await ask('evaluation', placed(yes, place, type))).body, type).toEqual({
          decision: false,
          context: { reason, message: expect.any(String) },
        });
  });

  test('of members: their address however it is written, their id, their external id', async () => {
    const jose = await world.join('josé@bücher.example'.normalize('NFC').replace('bücher', 'xn--bcher-kva'), {
      permissions: ['record-1:read'],
    });
    for (const written of [
      'josé@bücher.example',
      'JOSÉ@BÜCHER.EXAMPLE',
      ' jose\u0301@bücher.example ',
      'josé@xn--bcher-kva.example',
      'josé@XN--BCHER-KVA.EXAMPLE',
      jose.id,
    ]) {
      expect(await reasonOf(written, 'record-1', 'read'), written).toBe('granted');
      // The second time from memory.
      expect(await reasonOf(written, 'record-1', 'read'), written).toBe('granted');
    }
    for (const other of [
      'jose@bücher.example',
      'josé@bucher.example',
      'josé@bücher.example.',
      jose.id.toUpperCase(),
      `{${jose.id}}`,
      jose.id.slice(1),
    ])
      expect(await reasonOf(other, 'record-1', 'read'), other).toBe('not_a_member');
    for (const almost of ['@', 'a@', '@b', 'a@b', 'a@@b.example', 'alice@', `${'x'.repeat(300)}@example.com`])
      expect(await reasonOf(almost, 'record-1', 'read'), almost).toBe('not_a_member');
  });

  test('an external id may look like a UUID, and an id goes before it', async () => {
    const [ida, uwe] = [
      await world.join('ida@example.com', { permissions: ['record-1:read'] }),
      await world.join('uwe@example.com', { permissions: ['record-2:read'] }),
    ];
    const uuid = '0198c0de-0000-7000-8000-00000000abcd';
    await world.owner.put('/organization/user/uwe@example.com', { external_id: uuid });
    expect(await reasonOf(uuid, 'record-2', 'read')).toBe('granted');
    expect(await reasonOf(uuid, 'record-1', 'read')).toBe('not_granted');
    // The API refuses another member's id; a script may write it all the same.
    await world.database.sql('update member set external_id = $2 where id = $1', [uwe.id, ida.id]);
    const { body } = await world.owner.get('/account');
    const now = { 'latchkey-revision': String(body.access_revision) };
    expect(await reasonOf(ida.id, 'record-1', 'read', now)).toBe('granted');
    expect(await reasonOf(ida.id, 'record-2', 'read', now)).toBe('not_granted');
    expect(await reasonOf(uuid, 'record-2', 'read', now)).toBe('not_a_member');
    expect(await reasonOf(uwe.id, 'record-2', 'read', now)).toBe('granted');
  });

  test('an alias that became several permissions needs all of them', async () => {
    const one = await world.join('one@example.com', { permissions: ['record-1:write', 'record-1:read'] });
    const both = await world.join('both@example.com', {
      permissions: ['record-1:write', 'record-1:delete', 'record-1:read', 'record-2:read'],
    });
    expect(await reasonOf(one.email, 'record-1', 'edit')).toBe('not_granted');
    expect(await reasonOf(both.email, 'record-1', 'edit')).toBe('granted');
    // Of another feature, and of one that exists no more.
    expect(await reasonOf(one.email, 'archive', 'open')).toBe('not_granted');
    expect(await reasonOf(both.email, 'archive', 'open')).toBe('granted');
    expect(await reasonOf(both.email, 'archive', 'read')).toBe('unknown_permission');
    const found = await ask('subject', { ...valid.subject, action: { name: 'edit' } });
    const ids = found.body.results.map(({ id }: { id: string }) => id);
    expect(ids).toContain(both.email);
    expect(ids).not.toContain(one.email);
    expect(
      (
        await ask('resource', {
          subject: { type: 'user', id: both.email },
          action: { name: 'edit' },
          resource: { type: 'record' },
        })
      ).body.results,
    ).toEqual([record1]);
  });

  test('one that was stored by an older catalogue is still understood', async () => {
    const old = await world.join('old@example.com', { permissions: ['record-1:read'] });
    await world.database.sql(`update member_grant set permissions = '{record-1:edit}' where member_id = $1`, [old.id]);
    expect(await reasonOf(old.email, 'record-1', 'edit')).toBe('granted');
    expect(await reasonOf(old.email, 'record-1', 'delete')).toBe('granted');
    expect(await reasonOf(old.email, 'record-1', 'read')).toBe('not_granted');
    const { results } = (await ask('subject', { ...valid.subject, action: { name: 'delete' } })).body;
    expect(results).toContainEqual({ type: 'user', id: old.email });
  });
});

test('nothing of all this was a fault', () => {
  expect(world.logged()).not.toContain('"level":50');
});
