import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import type { World } from '../world.ts';
import { askDecisionPoint, type Endpoint } from './decision-point.ts';
import { startRecords } from './records.ts';

// The core levels of the certification scenario of the Authorization API 1.0 (openid/authzen, certification/), each test
// under the number of its section. The levels that decide by properties of the caller's are not ours, and not here.

let world: World;
beforeAll(async () => {
  world = await startRecords({ PUBLIC_URL: 'https://pdp.example.com' });
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
const question = { subject: alice, action: read, resource: record1 };
const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };

async function decides(endpoint: Endpoint, body: unknown, decision: boolean): Promise<void> {
  const answer = await ask(endpoint, body);
  expect(answer, JSON.stringify(body)).toMatchObject({ status: 200, body: { decision } });
  expect(answer.headers.get('content-type')).toBe('application/json');
  if (answer.body.context !== undefined) expect(answer.body.context).toBeTypeOf('object');
}

async function refuses(endpoint: Endpoint, body: unknown, headers?: Record<string, string>): Promise<void> {
  const answer = await ask(endpoint, body, headers);
  expect(answer.status, `${JSON.stringify(body)}: ${JSON.stringify(answer.body)}`).toBe(400);
  expect(answer.body).toBeTypeOf('string');
}

describe('2 Basic Core', () => {
  test('2.2.1 a permit decision (rules 1 to 3 of 1.4)', async () => {
    await decides('evaluation', question, true);
    await decides('evaluation', { ...question, action: write }, true);
    await decides('evaluation', { ...question, subject: bob }, true);
  });

  test('2.2.2 a deny decision (rule 4 of 1.4)', async () => {
    await decides('evaluation', { subject: bob, action: write, resource: record1 }, false);
  });

  test('2.2.3 a request with the optional context', async () => {
    await decides('evaluation', { ...question, context }, true);
  });

  test('2.2.8 a request with additional properties', async () => {
    const properties = { department: 'Sales', role: 'manager' };
    const body = {
      subject: { ...alice, properties },
      action: { ...read, properties: { method: 'GET' } },
      resource: { ...record1, properties: { status: 'active', owner: 'bob' } },
    };
    await decides('evaluation', body, true);
  });

  test('2.2.9 a request with unknown fields', async () => {
    await decides('evaluation', { ...question, foo: 'bar', futureField: { nested: true } }, true);
  });

  test('2.3 the response is JSON with a boolean decision, and an object as context if there is one', async () => {
    const { body } = await ask('evaluation', question);
    expect(body.decision).toBeTypeOf('boolean');
    expect(body.context).toEqual({ reason: 'granted' });
  });

  test('2.4.1 missing required fields', async () => {
    for (const field of Object.keys(question)) await refuses('evaluation', { ...question, [field]: undefined });
  });

  test('2.4.2 missing required sub-fields', async () => {
    await refuses('evaluation', { ...question, subject: { id: 'alice' } });
    await refuses('evaluation', { ...question, subject: { type: 'user' } });
    await refuses('evaluation', { ...question, action: {} });
    await refuses('evaluation', { ...question, resource: { id: 'record-1' } });
    await refuses('evaluation', { ...question, resource: { type: 'record' } });
  });

  test('2.4.3 an invalid content type', async () => {
    for (const type of ['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])
      await refuses('evaluation', question, { 'content-type': type });
  });

  test('2.4.4 malformed JSON', async () => {
    await refuses('evaluation', '{"subject":');
  });

  test('2.4.5 an empty body', async () => {
    await refuses('evaluation', '');
  });

  test('2.4.6 invalid field types', async () => {
    await refuses('evaluation', { ...question, subject: 'alice' });
    await refuses('evaluation', { ...question, action: { name: 123 } });
  });

  test('2.5.1 X-Request-ID is echoed', async () => {
    const id = 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716';
    for (const body of [question, { ...question, subject: 'alice' }])
      expect((await ask('evaluation', body, { 'x-request-id': id })).headers.get('x-request-id')).toBe(id);
  });

  test('2.5.2 X-Request-ID may be absent', async () => {
    await decides('evaluation', question, true);
  });

  test('2.6 the same question gets the same decision', async () => {
    for (let time = 0; time < 20; time++) await decides('evaluation', question, true);
    const together = await Promise.all(Array.from({ length: 20 }, () => ask('evaluation', question)));
    expect(together.map(({ body }) => body.decision)).toEqual(Array(20).fill(true));
  });
});

describe('3 Batch Core', () => {
  /** Sections 3.3.1 to 3.3.4 hold for every batch. */
  async function evaluates(
    body: { evaluations: unknown[]; [more: string]: unknown },
    decisions: (boolean | null)[],
  ): Promise<void> {
    const answer = await ask('evaluations', body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body.evaluations).toHaveLength(body.evaluations.length);
    for (const [index, evaluation] of answer.body.evaluations.entries()) {
      expect(evaluation.decision).toBeTypeOf('boolean');
      if (decisions[index] !== null) expect(evaluation.decision, `${index}`).toBe(decisions[index]);
    }
    expect(answer.body).not.toHaveProperty('decision');
  }

  test('3.2.1 a batch with an evaluations array', async () => {
    await evaluates({ subject: alice, action: read, evaluations: [{ resource: record1 }, { resource: record2 }] }, [
      true,
      null,
    ]);
  });

  test('3.2.2 a batch with fixture decisions', async () => {
    await evaluates({ subject: bob, resource: record1, evaluations: [{ action: read }, { action: write }] }, [
      true,
      false,
    ]);
  });

  test('3.2.5 a batch of whole evaluations', async () => {
    await evaluates({ evaluations: [question, { subject: bob, action: write, resource: record1 }] }, [true, false]);
  });

  test('3.2.6 a batch whose context is inherited or overridden', async () => {
    const evaluations = [
      { resource: record1 },
      { resource: record2, context: { time: '2025-06-27T19:00-07:00', source: 'batch-override' } },
    ];
    await evaluates({ subject: alice, action: read, context: { time: context.time }, evaluations }, [true, null]);
  });

  test('3.3 as many results as evaluations, in their order, each with a decision, and none at the top', async () => {
    const evaluations = Array.from({ length: 50 }, (_, index) =>
      index % 3 === 0 ? { subject: bob, action: write } : { subject: index % 2 === 0 ? bob : alice },
    );
    await evaluates(
      { action: read, resource: record1, evaluations },
      evaluations.map((_, index) => index % 3 !== 0),
    );
  });

  test('3.4.1 an evaluation that is not whole is a denial of its own', async () => {
    const options = { evaluations_semantic: 'execute_all' };
    await evaluates({ subject: alice, action: read, options, evaluations: [{ resource: record1 }, {}] }, [true, false]);
  });

  test('3.4.2 without evaluations it is a single one', async () => {
    await decides('evaluations', question, true);
  });

  test('3.4.3 with empty evaluations too', async () => {
    await decides('evaluations', { ...question, evaluations: [] }, true);
  });
});

describe('4 Search Core', () => {
  const user = { type: 'user' };
  const record = { type: 'record' };
  const who = { subject: user, action: read, resource: record1 };
  const where = { subject: alice, action: read, resource: record };
  const what = { subject: alice, resource: record1 };

  async function finds(endpoint: Endpoint, body: unknown, expected: unknown[]): Promise<Answer['body']> {
    const answer = await ask(endpoint, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.body.results).toEqual(expect.arrayContaining(expected));
    return answer.body;
  }

  test('4.2.1 subjects', async () => {
    const { results } = await finds('subject', who, [alice, bob]);
    for (const found of results) expect(found).toEqual({ type: 'user', id: expect.any(String) });
  });

  test('4.2.2 subjects with context', async () => {
    const { results } = await finds('subject', { ...who, context }, [alice, bob]);
    expect(results).toEqual((await finds('subject', who, [])).results);
  });

  test('4.2.3 subjects with an id, which is passed over', async () => {
    const { results } = await finds('subject', { ...who, subject: alice }, [alice, bob]);
    expect(results).toEqual((await finds('subject', who, [])).results);
  });

  test('4.3.1 resources', async () => {
    const { results } = await finds('resource', where, [record1]);
    for (const found of results) expect(found).toEqual({ type: 'record', id: expect.any(String) });
  });

  test('4.3.2 resources with context', async () => {
    const { results } = await finds('resource', { ...where, context }, [record1]);
    expect(results).toEqual((await finds('resource', where, [])).results);
  });

  test('4.3.3 resources with an id, which is passed over', async () => {
    const { results } = await finds('resource', { ...where, resource: record2 }, [record1]);
    expect(results).toEqual((await finds('resource', where, [])).results);
  });

  test('4.4.1 actions', async () => {
    const { results } = await finds('action', what, [read, write]);
    for (const found of results) expect(found).toEqual({ name: expect.any(String) });
  });

  test('4.4.2 actions with context', async () => {
    const { results } = await finds('action', { ...what, context }, [read, write]);
    expect(results).toEqual((await finds('action', what, [])).results);
  });

  test('4.5 pages follow each other by their token until it is empty', async () => {
    const all = (await finds('subject', who, [alice, bob])).results;
    const found: unknown[] = [];
    let page: object = { limit: 1 };
    for (let number = 0; number < all.length; number++) {
      const body = await finds('subject', { ...who, page }, []);
      expect(body.results.length).toBeLessThanOrEqual(1);
      expect(body.page).toMatchObject({ next_token: expect.any(String), count: body.results.length });
      found.push(...body.results);
      expect(body.page.next_token === '').toBe(number === all.length - 1);
      // §4.5.2 sends the token alone.
      page = { token: body.page.next_token };
    }
    expect(found).toEqual(all);
  });

  test('4.6.1 an unknown identifier finds nothing, at each endpoint', async () => {
    const nobody = { type: 'user', id: 'nonexistent-user' };
    const nothing = { type: 'record', id: 'nonexistent-record' };
    for (const [endpoint, body] of [
      ['action', { ...what, subject: nobody }],
      ['action', { ...what, resource: nothing }],
      ['resource', { ...where, subject: nobody }],
      ['resource', { ...where, action: { name: 'nonexistent-action' } }],
      ['subject', { ...who, resource: nothing }],
      ['subject', { ...who, action: { name: 'nonexistent-action' } }],
    ] as const)
      expect((await finds(endpoint, body, [])).results, JSON.stringify(body)).toEqual([]);
  });

  test('4.6.2 an unknown type finds nothing, at each endpoint', async () => {
    const spaceship = { type: 'spaceship', id: 'alice' };
    for (const [endpoint, body] of [
      ['subject', { ...who, subject: { type: 'spaceship' } }],
      ['subject', { ...who, resource: spaceship }],
      ['resource', { ...where, resource: { type: 'spaceship' } }],
      ['resource', { ...where, subject: spaceship }],
      ['action', { ...what, subject: spaceship }],
      ['action', { ...what, resource: spaceship }],
    ] as const)
      expect((await finds(endpoint, body, [])).results, JSON.stringify(body)).toEqual([]);
  });

  test('4.7.1 missing required fields', async () => {
    await refuses('subject', { ...who, action: undefined });
    await refuses('resource', { ...where, subject: undefined });
    await refuses('action', { ...what, resource: undefined });
  });

  test('4.7.2 missing required sub-fields', async () => {
    await refuses('subject', { ...who, resource: record });
    await refuses('resource', { ...where, subject: user });
    await refuses('action', { ...what, subject: user });
  });
});

describe('6 Discovery', () => {
  test('6 the metadata names the decision point and its endpoints', async () => {
    const response = await fetch(`${world.base.replace('/v3', '')}/.well-known/authzen-configuration`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const base = 'https://pdp.example.com';
    expect(await response.json()).toEqual({
      policy_decision_point: base,
      access_evaluation_endpoint: `${base}/access/v1/evaluation`,
      access_evaluations_endpoint: `${base}/access/v1/evaluations`,
      search_subject_endpoint: `${base}/access/v1/search/subject`,
      search_resource_endpoint: `${base}/access/v1/search/resource`,
      search_action_endpoint: `${base}/access/v1/search/action`,
    });
  });
});
