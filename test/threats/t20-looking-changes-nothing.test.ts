import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyAsked, preparations } from '../access/preparations.ts';
import { ask, operations, pathOf } from '../access/request.ts';
import { allRows } from '../access/rows-of.ts';
import { type Stage, setStage } from '../access/stage.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let stage: Stage;
let token: string;
beforeAll(async () => {
  world = await startWorld();
  stage = await setStage(world);
  ({ token } = await stage.pending('mei'));
});
afterAll(() => world?.stop());

/** As mail scanners, link previews and browsers that run ahead present themselves. */
const scanners: Record<string, string>[] = [
  {},
  { purpose: 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { 'x-moz': 'prefetch' },
  { 'user-agent': 'Mozilla/5.0 (compatible; Microsoft Office Protocol Discovery)' },
  { 'user-agent': 'Slackbot-LinkExpanding 1.0' },
  { 'x-http-method-override': 'POST', 'content-type': 'application/json' },
];

test('T20 nobody who opens or previews an invitation’s link uses it up', async () => {
  const before = await allRows(world.database);
  const origin = new URL(world.base).origin;
  const pages = [
    '/join',
    '/join/',
    `/join?token=${token}`,
    `/join/${token}`,
    `/v3/organization/user/invitation/accept?token=${token}`,
  ];
  for (const page of pages)
    for (const headers of scanners)
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        const response = await fetch(origin + page, { method, headers, redirect: 'manual' });
        await response.text();
        expect(response.status, `${method} ${page}`).toBeLessThan(500);
      }
  expect(await allRows(world.database)).toEqual(before);
  const inspected = await world.anonymous.post('/organization/user/invitation/inspect', { token });
  expect(inspected.body.state).toBe('pending');
  expect(await allRows(world.database), 'nor does the page by showing it').toEqual(before);
});

describe('T20 GET, HEAD and OPTIONS change nothing, whoever asks', () => {
  test.each(operations)('%s', async (name, operation) => {
    const asked: AnyAsked = await preparations[name](await setStage(world));
    const before = await allRows(world.database);
    const callers = [world.owner, stage.partner.inOrganization(stage.organizationId), stage.ada.client];
    for (const as of callers) {
      if (operation.method === 'GET') await ask(as, name, asked);
      for (const headers of scanners)
        for (const method of ['GET', 'HEAD', 'OPTIONS'].filter((other) => other !== operation.method)) {
          const answer = await as.send(method, pathOf(operation, asked), undefined, headers);
          if (!isOtherOperation(method, operation.path)) expect(answer.status, method).toBe(405);
        }
    }
    expect(await allRows(world.database)).toEqual(before);
  });
});

test('T20 an answer is only given by POST, and by its body', async () => {
  for (const verb of ['accept', 'decline'])
    for (const [method, path, body] of [
      ['PUT', `/organization/user/invitation/${verb}`, { token }],
      ['POST', `/organization/user/invitation/${verb}?token=${token}`, {}],
      ['POST', `/organization/user/invitation/${verb}?token=${token}`, undefined],
    ] as const)
      expect((await world.anonymous.send(method, path, body)).status).toBeGreaterThanOrEqual(400);
  const accepted = await world.anonymous.post('/organization/user/invitation/accept', { token });
  expect(accepted.body.state).toBe('joined');
});

/** The contract may have another operation at the same path. */
const isOtherOperation = (method: string, path: string): boolean =>
  operations.some(([, other]) => other.path === path && other.method === method);
