import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import type { World } from '../world.ts';
import { askDecisionPoint, type Endpoint, paths } from './decision-point.ts';
import { startRecords } from './records.ts';

let world: World;
beforeAll(async () => {
  world = await startRecords();
});
afterAll(() => world?.stop());

const ask = (endpoint: Endpoint, body: unknown, headers?: Record<string, string>): Promise<Answer> =>
  askDecisionPoint(world, endpoint, body, headers);

const alice = { type: 'user', id: 'alice' };
const bob = { type: 'user', id: 'bob' };
const read = { name: 'read' };
const write = { name: 'write' };
const record1 = { type: 'record', id: 'record-1' };
const record2 = { type: 'record', id: 'record-2' };
const yes = { subject: alice, action: read, resource: record1 };
const no = { subject: bob, action: write, resource: record1 };
const valid: Record<Endpoint, object> = {
  evaluation: yes,
  evaluations: { ...yes, evaluations: [{}] },
  subject: { subject: { type: 'user' }, action: read, resource: record1 },
  resource: { subject: alice, action: read, resource: { type: 'record' } },
  action: { subject: alice, resource: record1 },
};
const endpoints = Object.keys(valid) as Endpoint[];

const works = async (): Promise<void> => expect((await ask('evaluation', yes)).body.decision).toBe(true);

async function refused(endpoint: Endpoint, body: unknown, headers?: Record<string, string>): Promise<string> {
  const answer = await ask(endpoint, body, headers);
  const about = `${endpoint} ${JSON.stringify(body)?.slice(0, 300)}: ${JSON.stringify(answer.body)}`;
  expect(answer.status, about).toBe(400);
  expect(answer.body, about).toBeTypeOf('string');
  expect(answer.headers.get('content-type'), about).toBe('application/json');
  await works();
  return answer.body;
}

async function reasonOf(subject: string, feature: string, permission: string, headers = {}): Promise<string> {
  const body = {
    subject: { type: 'user', id: subject },
    action: { name: permission },
    resource: { type: 'record', id: feature },
  };
  const answer = await ask('evaluation', body, headers);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  expect(answer.body.decision).toBe(['granted', 'owner', 'all_features_access'].includes(answer.body.context.reason));
  return answer.body.context.reason;
}

describe('a body', () => {
  test.each(endpoints)('of %s is JSON by its content type, with or without a charset', async (endpoint) => {
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'APPLICATION/JSON;charset="UTF-8"',
      'application/json ;x=y',
    ])
      expect((await ask(endpoint, valid[endpoint], { 'content-type': type })).status, type).toBe(200);
    for (const type of [
      'text/plain',
      'text/json',
      'application/jsonp',
      'application/json-patch+json',
      'application/json, text/plain',
      'multipart/form-data; boundary=x',
      '*/*',
      '',
      ' ',
    ])
      await refused(endpoint, valid[endpoint], { 'content-type': type });
  });

  test.each(endpoints)('of %s that cannot be read is refused', async (endpoint) => {
    const text = JSON.stringify(valid[endpoint]);
    for (const body of [
      '',
      ' \r\n',
      '{',
      text.slice(0, -1),
      `${text}${text}`,
      'subject=alice',
      '<a/>',
      text.replaceAll('"', "'"),
      `{"a":1,"a":2,${text.slice(1)}`,
      `${text.slice(0, -1)},"a":"\\ud800"}`,
      `${text.slice(0, -1)},"a":"\\u0000"}`,
      `${text.slice(0, -1)},"a":${'['.repeat(100)}${']'.repeat(100)}}`,
    ])
      await refused(endpoint, body);
    await refused(endpoint, new Uint8Array(Buffer.from(text, 'utf16le')));
    await refused(endpoint, new Uint8Array([...Buffer.from(text.slice(0, -1)), 0xff, 0x7d]));
  });

  test.each(endpoints)('of %s may begin with a byte order mark', async (endpoint) => {
    expect((await ask(endpoint, `\ufeff${JSON.stringify(valid[endpoint])}`)).status).toBe(200);
  });

  test.each(endpoints)('of %s is an object', async (endpoint) => {
    for (const body of ['[]', '[{}]', 'null', 'true', '1', '"text"', `[${JSON.stringify(valid[endpoint])}]`])
      await refused(endpoint, body);
  });

  test.each(endpoints)('of %s beyond 256 KiB is refused, however it is sent', async (endpoint) => {
    const fitting = { ...valid[endpoint], filler: 'x'.repeat(261_000) };
    expect((await ask(endpoint, fitting)).status).toBe(200);
    for (const size of [262_144, 3_000_000]) {
      const text = JSON.stringify({ ...valid[endpoint], filler: 'x'.repeat(size) });
      expect(await refused(endpoint, text)).toMatch(/256 KiB/);
      const chunked = await fetch(world.base.replace('/v3', '') + paths[endpoint], {
        method: 'POST',
        headers: { 'api-key': world.ownerKey, 'content-type': 'application/json' },
        body: new Blob([text]).stream(),
        duplex: 'half',
      } as RequestInit);
      expect([chunked.status, await chunked.json()]).toEqual([400, expect.stringMatching(/256 KiB/)]);
    }
  });
});

describe('what is missing or of another type', () => {
  const others = [null, true, 1, 'text', [], [{}]];
  const required: Record<Endpoint, string[]> = {
    evaluation: [
      'subject',
      'subject.type',
      'subject.id',
      'action',
      'action.name',
      'resource',
      'resource.type',
      'resource.id',
    ],
    evaluations: [],
    subject: ['subject', 'subject.type', 'action', 'action.name', 'resource', 'resource.type', 'resource.id'],
    resource: ['subject', 'subject.type', 'subject.id', 'action', 'action.name', 'resource', 'resource.type'],
    action: ['subject', 'subject.type', 'subject.id', 'resource', 'resource.type', 'resource.id'],
  };

  test.each(endpoints)('is refused by %s at each level', async (endpoint) => {
    for (const place of required[endpoint]) {
      expect(await refused(endpoint, placed(valid[endpoint], place, undefined)), place).toContain(place);
      const isText = place.includes('.');
      for (const other of isText ? [null, true, 1, [], {}] : others)
        expect(await refused(endpoint, placed(valid[endpoint], place, other)), place).toContain(place);
    }
    for (const place of ['context', 'subject.properties', 'resource.properties', 'action.properties'])
      for (const other of others) {
        const looked = { subject: 'subject.properties', resource: 'resource.properties', action: 'action.properties' };
        // What is looked for is passed over but for its type; an action search has no action.
        if (endpoint in looked && place === looked[endpoint as keyof typeof looked]) continue;
        await refused(endpoint, placed(valid[endpoint], place, other));
      }
  });

  test('is refused of a page', async () => {
    for (const endpoint of ['subject', 'resource', 'action'] as const) {
      for (const page of others) await refused(endpoint, { ...valid[endpoint], page });
      for (const limit of [null, -1, 1.5, '1', true, [], {}, -0.5])
        await refused(endpoint, { ...valid[endpoint], page: { limit } });
      for (const token of [null, 1, true, [], {}]) await refused(endpoint, { ...valid[endpoint], page: { token } });
    }
  });

  test('is refused of what holds for many evaluations, and is the denial of one where it is its own', async () => {
    for (const evaluations of [null, {}, 'text', 1, true]) await refused('evaluations', { ...yes, evaluations });
    for (const options of others) await refused('evaluations', { ...yes, evaluations: [{}], options });
    for (const semantic of [null, '', 'EXECUTE_ALL', 'deny_on_first', 1, ['execute_all']])
      await refused('evaluations', { ...yes, evaluations: [{}], options: { evaluations_semantic: semantic } });
    for (const place of ['subject', 'subject.type', 'subject.id', 'action.name', 'resource.id', 'context'])
      await refused('evaluations', placed({ ...yes, evaluations: [yes] }, place, null));

    const broken = [
      null,
      1,
      'text',
      [],
      [{}],
      ...required.evaluation.map((place) => placed(yes, place, null)),
      { context: 1 },
    ];
    const { status, body } = await ask('evaluations', { ...yes, evaluations: [...broken, {}, no] });
    expect(status).toBe(200);
    expect(body.evaluations).toHaveLength(broken.length + 2);
    for (const [index, evaluation] of body.evaluations.slice(0, -2).entries())
      expect(evaluation, JSON.stringify(broken[index])).toEqual({
        decision: false,
        context: { error: { status: 400, message: expect.any(String) } },
      });
    expect(body.evaluations.slice(-2).map(({ decision }: { decision: boolean }) => decision)).toEqual([true, false]);
  });

  test('is passed over where it is looked for', async () => {
    for (const id of [null, 1, 'bob', {}, [], 'x'.repeat(5000)]) {
      expect((await ask('subject', placed(valid.subject, 'subject.id', id))).status).toBe(200);
      expect((await ask('resource', placed(valid.resource, 'resource.id', id))).status).toBe(200);
      expect((await ask('action', { ...valid.action, action: id })).status).toBe(200);
    }
  });

  test.each(endpoints)('nothing unknown disturbs %s at any level', async (endpoint) => {
    const plain = (await ask(endpoint, valid[endpoint])).body;
    for (const name of [
      'foo',
      '__proto__',
      'constructor',
      'toString',
      '',
      '$schema',
      'evaluation',
      'Subject',
      'x'.repeat(1000),
    ])
      for (const place of ['', 'subject.', 'resource.', 'action.', 'context.', 'options.']) {
        if (place === 'action.' && endpoint === 'action') continue;
        const text = withMember(valid[endpoint], place, name);
        const { status, body } = await ask(endpoint, text);
        expect({ status, body }, text).toEqual({ status: 200, body: plain });
      }
  });
});

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

describe('many evaluations', () => {
  const decisions = (body: { evaluations: { decision: boolean }[] }): boolean[] =>
    body.evaluations.map(({ decision }) => decision);
  const semantics = async (evaluations: unknown[], semantic: string): Promise<boolean[]> =>
    decisions(
      (await ask('evaluations', { evaluations, options: { evaluations_semantic: semantic, other: 'value' } })).body,
    );

  test('are 1,000 at most', async () => {
    const thousand = Array.from({ length: 1000 }, (_, index) =>
      index % 2 === 0 ? {} : { action: write, subject: bob },
    );
    const { status, body } = await ask('evaluations', { ...yes, evaluations: thousand });
    expect(status).toBe(200);
    expect(decisions(body)).toEqual(thousand.map((_, index) => index % 2 === 0));
    expect(await refused('evaluations', { ...yes, evaluations: [...thousand, {}] })).toMatch(/1000/);
  });

  test('of 1,000 strangers are read together', async () => {
    const strangers = Array.from({ length: 1000 }, (_, index) => ({
      subject: { type: 'user', id: `stranger-${index}` },
    }));
    const { status, body } = await ask('evaluations', { ...yes, evaluations: strangers });
    expect([status, new Set(decisions(body))]).toEqual([200, new Set([false])]);
  });

  test('are all executed, or up to the first denial or permit, and an error is a denial', async () => {
    expect(await semantics([yes, no, {}, yes], 'execute_all')).toEqual([true, false, false, true]);
    expect(await semantics([yes, yes, no, yes], 'deny_on_first_deny')).toEqual([true, true, false]);
    expect(await semantics([yes, {}, no, yes], 'deny_on_first_deny')).toEqual([true, false]);
    expect(await semantics([yes, yes], 'deny_on_first_deny')).toEqual([true, true]);
    expect(await semantics([no, {}, null, yes, no], 'permit_on_first_permit')).toEqual([false, false, false, true]);
    expect(await semantics([no, {}], 'permit_on_first_permit')).toEqual([false, false]);
    expect(await semantics([yes, no], 'permit_on_first_permit')).toEqual([true]);
  });

  test('override a default as a whole: what an entity leaves out is not filled in', async () => {
    const properties = { secret: true };
    const { body } = await ask('evaluations', {
      subject: { ...bob, properties },
      action: write,
      resource: record1,
      evaluations: [
        { subject: { type: 'user' } },
        { subject: { id: 'alice' } },
        { resource: { id: 'record-1' } },
        { action: {} },
        { subject: alice },
        { subject: alice, resource: record2 },
        {},
      ],
    });
    expect(decisions(body)).toEqual([false, false, false, false, true, false, false]);
    expect(body.evaluations.map(({ context }: { context: object }) => 'error' in context)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('need no default where each is whole, and a default that is not whole is wrong for all', async () => {
    expect(decisions((await ask('evaluations', { evaluations: [yes, no] })).body)).toEqual([true, false]);
    await refused('evaluations', { subject: { type: 'user' }, evaluations: [yes, no] });
  });
});

describe('pages', () => {
  const who = valid.subject;
  const pageOf = async (page: object, more: object = {}): Promise<Answer> => ask('subject', { ...who, ...more, page });

  test('hold up to their limit: 0, 1, the default, and any that is beyond what is answered at once', async () => {
    const all = (await ask('subject', who)).body;
    expect(all.page).toEqual({ next_token: '', count: all.results.length });
    expect(all.results.length).toBeGreaterThanOrEqual(2);
    const none = (await pageOf({ limit: 0 })).body;
    expect(none).toEqual({ page: { next_token: expect.stringMatching(/./), count: 0 }, results: [] });
    expect((await pageOf({ limit: 1 })).body.results).toEqual(all.results.slice(0, 1));
    for (const limit of [1000, 1001, 1_000_000, 2 ** 31, 2 ** 53, 1e300])
      expect((await pageOf({ limit })).body, `${limit}`).toEqual(all);
    expect((await pageOf({})).body).toEqual(all);
    expect((await pageOf({ token: '' })).body).toEqual(all);
  });

  test.each(['subject', 'resource', 'action'] as const)(
    'of %s follow each other, whatever their limit',
    async (endpoint) => {
      const all = (await ask(endpoint, valid[endpoint])).body.results;
      for (const limit of [1, 2, 3, 1000]) {
        const found: unknown[] = [];
        let token = '';
        do {
          const { body } = await ask(endpoint, { ...valid[endpoint], page: { token, limit } });
          expect(body.page.count).toBe(body.results.length);
          expect(body.results.length).toBeLessThanOrEqual(limit);
          found.push(...body.results);
          token = body.page.next_token;
        } while (token !== '');
        expect(found).toEqual(all);
      }
    },
  );

  test('belong to their question: a token is refused with another one, or with another limit', async () => {
    const context = { a: 1, b: { c: [1, 2] } };
    const token = (await pageOf({ limit: 1 }, { context })).body.page.next_token;
    expect((await pageOf({ token, limit: 1 }, { context: { b: { c: [1, 2] }, a: 1 } })).status).toBe(200);
    expect((await pageOf({ token }, { context })).status).toBe(200);
    for (const changed of [
      { context: undefined },
      { context: { a: 2 } },
      { context: { ...context, b: { c: [2, 1] } } },
      { action: write },
      { resource: record2 },
      { resource: { ...record1, properties: { status: 'archived' } } },
      { subject: { type: 'user', properties: {} } },
    ])
      await refused('subject', { ...who, context, ...changed, page: { token, limit: 1 } });
    for (const limit of [0, 2, 1000]) await refused('subject', { ...who, context, page: { token, limit } });
    await refused('resource', { ...valid.resource, page: { token } });
  });

  test('a forged token is refused, or opens nothing but what may be asked for', async () => {
    const token = (await pageOf({ limit: 1 })).body.page.next_token;
    const parts = JSON.parse(Buffer.from(token, 'base64url').toString());
    const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const forged = [
      'x',
      'AAAA',
      '....',
      '😀',
      'x'.repeat(2000),
      ...['null', '[]', '{}', '5', '"a"', '[[],[],[]]', '\xff'].map((text) =>
        Buffer.from(text, 'latin1').toString('base64url'),
      ),
    ];
    for (const other of [
      [parts[0], 1, 'not-an-id'],
      [parts[0], 1, "' or 1=1"],
      [parts[0], 1, 5],
      [parts[0], 1, null],
      [parts[0], -1, parts[2]],
      [parts[0], '1', parts[2]],
      ['x', 1, parts[2]],
      [parts[0], 1.5, parts[2]],
      [parts[0], 1, 'a\0b'],
    ])
      forged.push(encoded(other));
    for (const page of forged.map((token) => ({ token })))
      for (const endpoint of ['subject', 'resource', 'action'] as const)
        await refused(endpoint, { ...valid[endpoint], page });
    const all = (await ask('subject', who)).body.results;
    const huge = await pageOf({ token: encoded([parts[0], 1e9, '00000000-0000-0000-0000-000000000000']) });
    expect(huge.body.results).toEqual(all);
  });
});

test('each reason comes with what would change it', async () => {
  let revision = '0';
  const changePlan = async (plan: string): Promise<void> => {
    const path = `/corporate/subAccount/${world.organizationId}/plan`;
    revision = (await world.partner.put(path, { plan })).headers.get('latchkey-revision') ?? '';
  };
  const seen = async (subject: string, feature = 'record-1', permission = 'read') => {
    const body = {
      subject: { type: 'user', id: subject },
      action: { name: permission },
      resource: { type: 'record', id: feature },
    };
    const { context } = (await ask('evaluation', body, { 'latchkey-revision': revision })).body;
    return [context.reason, context.needs];
  };
  await world.invite('pia@example.com', { permissions: ['record-1:read'] });
  const token = await world.invite('dec@example.com', { permissions: ['record-1:read'] });
  await world.anonymous.post('/organization/user/invitation/decline', { token });
  await world.invite('late@example.com', { permissions: ['record-1:read'] });
  await world.database.sql(
    `update invitation set expires_at = now() - interval '1 second' where member_id = (select id from member where email = 'late@example.com')`,
  );
  for (const [name, fields] of [
    ['sue', { suspended: true }],
    ['tim', { access_expires_at: new Date(Date.now() + 900).toISOString() }],
  ] as const) {
    await world.join(`${name}@example.com`, { permissions: ['record-1:read'] });
    expect((await world.owner.put(`/organization/user/${name}@example.com`, fields)).status).toBe(200);
  }
  await world.join('all@example.com', { all: true });
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await seen('alice')).toEqual(['granted', undefined]);
  expect(await seen('all@example.com')).toEqual(['all_features_access', undefined]);
  expect(await seen('ada@example.com')).toEqual(['owner', undefined]);
  expect(await seen('alice', 'record-1', 'delete')).toEqual(['not_granted', ['grant']]);
  expect(await seen('pia@example.com')).toEqual(['pending', ['acceptance']]);
  expect(await seen('dec@example.com')).toEqual(['declined', ['invitation']]);
  expect(await seen('late@example.com')).toEqual(['expired', ['invitation']]);
  expect(await seen('nobody')).toEqual(['not_a_member', ['invitation']]);
  expect(await seen('sue@example.com')).toEqual(['suspended', ['resumption']]);
  expect(await seen('tim@example.com')).toEqual(['access_expired', ['extension']]);
  expect(await seen('alice', 'record-3')).toEqual(['unknown_feature', undefined]);

  await changePlan('small');
  expect(await seen('alice', 'record-2')).toEqual(['not_in_plan', ['plan']]);
  expect(await seen('bob', 'record-2')).toEqual(['not_granted', ['grant', 'plan']]);
  expect(await seen('ada@example.com', 'record-2')).toEqual(['not_in_plan', ['plan']]);
  expect(await seen('ada@example.com', 'team', 'check')).toEqual(['owner', undefined]);
  await changePlan('all');
});

test('a revision of the future is refused, one that is none too', async () => {
  const [{ revision } = { revision: 0 }] = await world.database.sql<{ revision: number }>(
    'select access_revision as revision from organization',
  );
  for (const endpoint of endpoints) {
    expect((await ask(endpoint, valid[endpoint], { 'latchkey-revision': String(revision) })).status).toBe(200);
    expect((await ask(endpoint, valid[endpoint], { 'latchkey-revision': '0' })).status).toBe(200);
    const ahead = await ask(endpoint, valid[endpoint], { 'latchkey-revision': String(Number(revision) + 1) });
    expect([ahead.status, ahead.body]).toEqual([412, expect.stringContaining(String(revision))]);
    for (const none of ['-1', '1.5', 'x', '', '1e3', '9'.repeat(16), '1, 2'])
      await refused(endpoint, valid[endpoint], { 'latchkey-revision': none });
  }
});

test('nothing of all this was a fault', () => {
  expect(world.logged()).not.toContain('"level":50');
});

/** A copy with something else at a place of it such as `subject.id`; undefined leaves it out. */
function placed(value: object, place: string, other: unknown): unknown {
  const [name = '', ...rest] = place.split('.');
  const own = (value as Record<string, object>)[name] ?? {};
  return { ...value, [name]: rest.length > 0 ? placed(own, rest.join('.'), other) : other };
}

/** Written as text, since an object literal cannot carry a member named __proto__. */
function withMember(value: object, place: string, name: string): string {
  const stranger = `${JSON.stringify(name)}:{"nested":[true]}`;
  if (place === '') return `{${stranger},${JSON.stringify(value).slice(1)}`;
  const part = place.slice(0, -1);
  const { [part]: own = {}, ...rest } = value as Record<string, object>;
  const inner = JSON.stringify(own).slice(1, -1);
  return `{${JSON.stringify(rest).slice(1, -1)},${JSON.stringify(part)}:{${inner}${inner && ','}${stranger}}}`;
}
