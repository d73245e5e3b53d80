import { afterAll, beforeAll, expect } from 'vitest';
import type { Answer } from '../client.ts';
import type { World } from '../world.ts';
import { askDecisionPoint, type Endpoint } from './decision-point.ts';
import { startRecords } from './records.ts';

/** A decision point over the records of Alice and Bob, for whichever test file imports this, and questions to ask it. */
export let world: World;
beforeAll(async () => {
  world = await startRecords();
});
afterAll(() => world?.stop());

export const ask = (endpoint: Endpoint, body: unknown, headers?: Record<string, string>): Promise<Answer> =>
  askDecisionPoint(world, endpoint, body, headers);

export const alice = { type: 'user', id: 'alice' };
export const bob = { type: 'user', id: 'bob' };
export const read = { name: 'read' };
export const write = { name: 'write' };
export const record1 = { type: 'record', id: 'record-1' };
export const record2 = { type: 'record', id: 'record-2' };
export const yes = { subject: alice, action: read, resource: record1 };
export const no = { subject: bob, action: write, resource: record1 };
export const valid: Record<Endpoint, object> = {
  evaluation: yes,
  evaluations: { ...yes, evaluations: [{}] },
  subject: { subject: { type: 'user' }, action: read, resource: record1 },
  resource: { subject: alice, action: read, resource: { type: 'record' } },
  action: { subject: alice, resource: record1 },
};
export const endpoints = Object.keys(valid) as Endpoint[];

export const works = async (): Promise<void> => expect((await ask('evaluation', yes)).body.decision).toBe(true);

export async function refused(endpoint: Endpoint, body: unknown, headers?: Record<string, string>): Promise<string> {
  const answer = await ask(endpoint, body, headers);
  const about = `${endpoint} ${JSON.stringify(body)?.slice(0, 300)}: ${JSON.stringify(answer.body)}`;
  expect(answer.status, about).toBe(400);
  expect(answer.body, about).toBeTypeOf('string');
  expect(answer.headers.get('content-type'), about).toBe('application/json');
  await works();
  return answer.body;
}

export async function reasonOf(subject: string, feature: string, permission: string, headers = {}): Promise<string> {
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

/** A copy with something else at a place of it such as `subject.id`; undefined leaves it out. */
export function placed(value: object, place: string, other: unknown): unknown {
  const [name = '', ...rest] = place.split('.');
  const own = (value as Record<string, object>)[name] ?? {};
  return { ...value, [name]: rest.length > 0 ? placed(own, rest.join('.'), other) : other };
}

/** Written as text, since an object literal cannot carry a member named __proto__. */
export function withMember(value: object, place: string, name: string): string {
  const stranger = `${JSON.stringify(name)}:{"nested":[true]}`;
  if (place === '') return `{${stranger},${JSON.stringify(value).slice(1)}`;
  const part = place.slice(0, -1);
  const { [part]: own = {}, ...rest } = value as Record<string, object>;
  const inner = JSON.stringify(own).slice(1, -1);
  return `{${JSON.stringify(rest).slice(1, -1)},${JSON.stringify(part)}:{${inner}${inner && ','}${stranger}}}`;
}
