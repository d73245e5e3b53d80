import { api } from '@latchkey/core/api/index.ts';
import { openApiDocument } from '@latchkey/core/api/openapi.ts';
import type { TSchema } from 'typebox';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../bad-input/send.ts';
import { type ValidRequest, validRequests } from '../bad-input/valid-requests.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let requests: ValidRequest[];
// biome-ignore lint/suspicious/noExplicitAny: the document's shape is what is looked at
let document: any;
beforeAll(async () => {
  world = await startWorld();
  requests = await validRequests(world);
  document = await (await fetch(`http://127.0.0.1:${world.server.port}/openapi.json`)).json();
});
afterAll(() => world?.stop());

test('what the server shows is the contract’s own description', () => {
  expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument(document.servers[0].url))));
});

test('each operation stands at its own address: those of AuthZEN outside /v3, all others below it', async () => {
  for (const { name, operation } of requests) {
    const path = document.paths[operation.path];
    const [server] = path.servers ?? document.servers;
    expect(server.url.endsWith('/v3'), name).toBe(!('protocol' in api[name]));
    const target = (new URL(server.url).pathname.replace(/\/$/, '') + operation.path).replaceAll(/\{\w+\}/g, 'x');
    const response = await fetch(`http://127.0.0.1:${world.server.port}${target}`, { method: 'PATCH' });
    // Any path that there is says so when it is asked by a method that it does not have.
    expect(response.status, target).toBe(405);
  }
});

test('errors of AuthZEN are a text, all others a problem', () => {
  for (const { name, operation } of requests) {
    const { responses } = document.paths[operation.path][operation.method.toLowerCase()];
    for (const [status, { content }] of Object.entries<{
      content: Record<string, { schema: { type?: string; $ref?: string } }>;
    }>(responses)) {
      if (Number(status) < 400) continue;
      expect(Object.keys(content), name).toEqual(['application/json']);
      const { schema = {} } = content['application/json'] ?? {};
      expect('protocol' in operation ? schema.type : schema.$ref, `${name} ${status}`).toBe(
        'protocol' in operation ? 'string' : '#/components/schemas/Problem',
      );
    }
  }
});

test('only what repeats safely by it takes an Idempotency-Key, and AuthZEN an X-Request-ID', () => {
  for (const { name, operation } of requests) {
    const { parameters = [] } = document.paths[operation.path][operation.method.toLowerCase()];
    const names = parameters.map((parameter: { name: string }) => parameter.name);
    expect(names.includes('Idempotency-Key'), name).toBe(operation.method === 'POST' && !('protocol' in operation));
    expect(names.includes('X-Request-ID'), name).toBe('protocol' in operation);
    expect(new Set(names).size, name).toBe(names.length);
  }
});

test('every operation answers a valid request in the media type and the shape that are described', async () => {
  for (const request of requests) {
    const { name, operation } = request;
    const described = document.paths[operation.path][operation.method.toLowerCase()];
    if (request.body) {
      const { schema } = described.requestBody.content['application/json'];
      expect(Schema.Compile(schema as TSchema).Check(request.body), name).toBe(true);
    }
    const answer = await send(world, request);
    const { content } = described.responses[answer.status];
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    expect(Object.keys(content), name).toEqual([type]);
    const schema = Schema.Compile(content[type].schema as TSchema);
    for (const value of valuesOf(type, answer.text))
      expect(schema.Check(value), `${name}: ${JSON.stringify(value)}`).toBe(true);
  }
});

/** What a reply consists of: one value, or those of its lines or events. */
function valuesOf(type: string, text: string): unknown[] {
  if (type === 'application/json') return [JSON.parse(text)];
  const lines = text
    .split('\n')
    .filter((line) => (type === 'text/event-stream' ? line.startsWith('data:') : line !== ''));
  expect(lines.length).toBeGreaterThan(0);
  return lines.map((line) => JSON.parse(line.replace(/^data:/, '')));
}
