import { describe, expect, test } from 'vitest';
import { ask, endpoints, no, placed, refused, valid, withMember, world, yes } from './asking.ts';
import { type Endpoint, paths } from './decision-point.ts';

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
