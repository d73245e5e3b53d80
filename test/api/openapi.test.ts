import { glob, readFile } from 'node:fs/promises';
import { api } from '@latchkey/core/api/index.ts';
import { openApiDocument } from '@latchkey/core/api/openapi.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { refusals } from '@latchkey/core/api/refusals.ts';
import { Validator } from '@seriousme/openapi-schema-validator';
import type { TSchema } from 'typebox';
import Schema from 'typebox/schema';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { send } from '../bad-input/send.ts';
import { type ValidRequest, validRequests } from '../bad-input/valid-requests.ts';
import { startWorld, type World } from '../world.ts';
import { refusedRequests } from './refused-requests.ts';

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

test('a public validator finds nothing wrong with it', async () => {
  expect(await new Validator().validate(structuredClone(document))).toMatchObject({ valid: true });
});

test('what it refers to is there, and what is there is referred to', () => {
  const referred = new Set(JSON.stringify(document).match(/#\/components\/[\w/-]+/g));
  for (const reference of referred) expect(resolved({ $ref: reference }), reference).toBeDefined();
  const components = Object.entries<object>(document.components).flatMap(([part, named]) =>
    part === 'securitySchemes' ? [] : Object.keys(named).map((name) => `#/components/${part}/${name}`),
  );
  expect(components.filter((component) => !referred.has(component))).toEqual([]);
});

test('every example has the shape that is described for it', () => {
  for (const { name, operation } of requests) {
    const { requestBody, responses } = described(operation);
    const contents = [requestBody, ...Object.values(responses)]
      .filter((part) => part !== undefined)
      .flatMap((part) => Object.values<Content>(resolved(part).content));
    for (const { schema, examples = {} } of contents)
      for (const [title, example] of Object.entries(examples))
        expect(compiled(schema).Check(resolved(example).value), `${name} ${title}`).toBe(true);
  }
});

test('every operation has words of its own, and an example of every body and answer', () => {
  const summaries = requests.map(({ operation }) => described(operation).summary);
  expect(new Set(summaries).size).toBe(summaries.length);
  for (const { name, operation } of requests) {
    const { requestBody, responses, tags, parameters = [] } = described(operation);
    for (const parameter of parameters.map(resolved))
      expect(parameter.description, `${name} ${parameter.name}`).toBeTruthy();
    expect(document.tags.map((tag: { name: string }) => tag.name)).toContain(tags[0]);
    for (const [status, response] of Object.entries(responses)) {
      const { content, headers, description } = resolved(response);
      expect(description.length, `${name} ${status}`).toBeGreaterThan(4);
      expect(Object.keys(headers), `${name} ${status}`).toContain('sib-request-id');
      for (const [type, { examples }] of Object.entries<Content>(content))
        if (type !== 'text/csv') expect(examples, `${name} ${status} ${type}`).toBeDefined();
    }
    if (requestBody) expect(requestBody.content['application/json'].examples, name).toBeDefined();
  }
});

test('the reasons that are named are the reasons that the server gives', async () => {
  const source = await sourceText();
  for (const [name, codes] of Object.entries(refusals))
    for (const detail of Object.values(codes).flat())
      expect(source.has(detail.reason), `${name}: nothing refuses by ${detail.reason} any more`).toBe(true);
});

test.each(refusedRequests)(
  '$name refuses by $reason word for word as its example',
  async ({ name, reason, as, ...asked }) => {
    const operation = api[name];
    const answer = await send(world, {
      name,
      operation,
      credential: as?.(world) ?? { 'api-key': world.ownerKey },
      params: {},
      query: {},
      body: undefined,
      ...asked,
    });
    const refusal = JSON.parse(answer.text);
    expect(refusal).toMatchObject({ details: [{ reason }] });
    const { examples } = resolved(described(operation).responses[answer.status]).content['application/json'];
    expect(refusal).toEqual(examples[`${refusal.code}.${reason}`].value);
  },
);

test('errors of AuthZEN are a text, all others a problem', () => {
  for (const { name, operation } of requests) {
    for (const [status, response] of Object.entries(described(operation).responses)) {
      if (Number(status) < 400) continue;
      const { content } = resolved(response);
      expect(Object.keys(content), name).toEqual(['application/json']);
      expect(content['application/json'].schema.$ref, `${name} ${status}`).toBe(
        `#/components/schemas/${'protocol' in operation ? 'AuthzenError' : 'Problem'}`,
      );
    }
  }
});

test('only what repeats safely by it takes an Idempotency-Key, and AuthZEN an X-Request-ID', () => {
  for (const { name, operation } of requests) {
    const names = (described(operation).parameters ?? []).map((parameter: object) => resolved(parameter).name);
    expect(names.includes('Idempotency-Key'), name).toBe(
      operation.method === 'POST' && (operation.problems as readonly string[]).includes('duplicate_request'),
    );
    expect(names.includes('X-Request-ID'), name).toBe('protocol' in operation);
    expect(new Set(names).size, name).toBe(names.length);
  }
});

test('an operation in an organization takes the header that names one, and every credential but those of partners alone', () => {
  for (const { name, operation } of requests) {
    const { parameters = [], security } = described(operation);
    const names = parameters.map((parameter: object) => resolved(parameter).name);
    const ways = security.flatMap((way: object) => Object.keys(way));
    const inside = !['public', 'partner', 'session'].includes(operation.access);
    expect(names.includes('organization-id'), name).toBe(inside);
    expect(ways.includes('api-key'), name).toBe(inside);
    expect(ways.includes('session'), name).toBe(inside || operation.access === 'session');
  }
});

test('every operation answers a valid request in the media type and the shape that are described', async () => {
  for (const request of requests) {
    const { name, operation } = request;
    const { requestBody, responses } = described(operation);
    if (request.body) {
      const { schema } = requestBody.content['application/json'];
      expect(compiled(schema).Check(request.body), name).toBe(true);
    }
    const answer = await send(world, request);
    const { content } = resolved(responses[answer.status]);
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    // Of several forms a request chooses.
    const forms = Array.isArray(operation.reply.stream) ? operation.reply.stream : [type];
    expect(forms, name).toContain(type);
    expect(Object.keys(content), name).toEqual(forms);
    const schema = compiled(content[type].schema);
    for (const value of valuesOf(type, answer.text))
      expect(schema.Check(value), `${name}: ${JSON.stringify(value)}`).toBe(true);
  }
});

interface Content {
  schema: object;
  examples?: Record<string, object>;
}

const described = ({ path, method }: Pick<Operation, 'path' | 'method'>) => document.paths[path][method.toLowerCase()];

/** A part of the document, or the component that it refers to. */
// biome-ignore lint/suspicious/noExplicitAny: the document's shape is what is looked at
function resolved(part: any): any {
  if (part.$ref === undefined) return part;
  return (
    part.$ref
      .slice(2)
      .split('/')
      // biome-ignore lint/suspicious/noExplicitAny: a walk along names
      .reduce((at: any, name: string) => at?.[name], document)
  );
}

const compiled = (schema: object) => Schema.Compile({ ...schema, components: document.components } as TSchema);

/** Every word in quotes of the server's and the core's source. */
async function sourceText(): Promise<Set<string>> {
  const words = new Set(['invitation_unknown']);
  for (const folder of ['core/src', 'server/src'])
    for await (const path of glob(`${folder}/**/*.ts`, { exclude: ['core/src/api/**'] }))
      for (const [, word] of (await readFile(path, 'utf8')).matchAll(/'([a-z_]+)'/g)) words.add(word ?? '');
  for (const state of ['cancelled', 'expired', 'replaced']) words.add(`invitation_${state}`);
  for (const state of ['used', 'expired']) words.add(`sign_in_link_${state}`);
  return words;
}

/** What a reply consists of: one value, or those of its lines or events. */
function valuesOf(type: string, text: string): unknown[] {
  if (type === 'application/json') return [JSON.parse(text)];
  if (type === 'text/csv') return [text];
  const lines = text
    .split('\n')
    .filter((line) => (type === 'text/event-stream' ? line.startsWith('data:') : line !== ''));
  expect(lines.length).toBeGreaterThan(0);
  return lines.map((line) => JSON.parse(line.replace(/^data:/, '')));
}
