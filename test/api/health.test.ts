import { api } from '@latchkey/core/api/index.ts';
import type { AccessKind } from '@latchkey/core/api/operation.ts';
import { problemCodes } from '@latchkey/core/problem.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../world.ts';

let world: World;
let root: string;
beforeAll(async () => {
  world = await startWorld();
  root = `http://127.0.0.1:${world.server.port}`;
});
afterAll(() => world?.stop());

test('health is asked without a key', async () => {
  const live = await fetch(`${root}/health/live`);
  expect([live.status, await live.json()]).toEqual([200, { status: 'live' }]);
  const ready = await fetch(`${root}/health/ready`);
  expect([ready.status, await ready.json(), ready.headers.get('cache-control')]).toEqual([
    200,
    { status: 'ready' },
    'no-store',
  ]);
});

const session = { session: [], 'session-header': [] };
const everyCredential = [{ 'api-key': [] }, { bearer: [] }, { 'partner-key': [] }, session];
const credentials: Partial<Record<AccessKind, object[]>> = {
  public: [],
  partner: [{ 'partner-key': [] }],
  session: [session],
};

test('the API describes itself in OpenAPI 3.1: every operation, every parameter, every problem', async () => {
  const response = await fetch(`${root}/openapi.json`);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  // biome-ignore lint/suspicious/noExplicitAny: the document's shape is what is looked at
  const document: any = await response.json();
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.servers[0].url).toMatch(/\/v3$/);
  for (const [name, operation] of Object.entries(api)) {
    const described = document.paths[operation.path]?.[operation.method.toLowerCase()];
    expect(described, name).toMatchObject({ operationId: name, tags: [operation.tag] });
    expect(Object.keys(described.responses), name).toEqual(
      expect.arrayContaining([String(operation.reply.status), '400', '429', '500', '503']),
    );
    for (const parameter of operation.path.matchAll(/\{(\w+)\}/g))
      expect(described.parameters, name).toContainEqual(
        expect.objectContaining({ name: parameter[1], in: 'path', required: true }),
      );
    expect('requestBody' in described, name).toBe('body' in operation);
    expect(described.security, name).toEqual(credentials[operation.access] ?? everyCredential);
  }
  expect(document.components.schemas.Problem.properties.code.enum).toEqual(Object.keys(problemCodes));
});

test('what the document says of itself resolves, and nothing of it is private', async () => {
  const text = await (await fetch(`${root}/openapi.json`)).text();
  const document = JSON.parse(text);
  for (const [, reference = ''] of text.matchAll(/"\$ref": "#\/([^"]+)"/g)) {
    const found = reference.split('/').reduce((at, step) => at?.[step], document);
    expect(found, reference).toBeDefined();
  }
  expect(text).not.toContain(world.ownerKey);
});

test('without a database it is live but not ready, and requests are told to come again', async () => {
  const lost = await startWorld();
  try {
    const [row] = await lost.database.sql<{ name: string }>('select current_database() as name');
    await lost.database.sql(`alter database ${row?.name} connection limit 0`);
    await lost.database.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'latchkey' and datname = current_database()`,
    );
    const port = `http://127.0.0.1:${lost.server.port}`;
    await expect.poll(async () => (await fetch(`${port}/health/ready`)).status).toBe(503);
    expect((await fetch(`${port}/health/live`)).status).toBe(200);
    const answer = await lost.owner.get('/account');
    expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  } finally {
    await lost.stop();
  }
});
