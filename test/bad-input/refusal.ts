import { type ProblemCode, problemCodes } from '@latchkey/core/problem.ts';
import { expect } from 'vitest';

/** A refusal as it came over the wire. */
export interface Refused {
  status: number;
  headers: Headers;
  text: string;
}

/**
 * Checks that an answer is a refusal as AuthZEN writes them (§10.1.2 of the Authorization API 1.0): a 4xx, and in the body
 * nothing but a message as a JSON string.
 */
export function readMessage(answer: Refused, about = ''): string {
  expect(answer.status, `${about}: ${answer.text.slice(0, 500)}`).toBeGreaterThanOrEqual(400);
  expect(answer.status, `${about}: ${answer.text.slice(0, 500)}`).toBeLessThan(500);
  expect(answer.headers.get('content-type'), about).toBe('application/json');
  expect(answer.headers.get('cache-control'), about).toBe('no-store');
  expect(answer.headers.get('sib-request-id'), about).toMatch(/^[0-9a-f-]{36}$/);
  expect(answer.headers.has('x-request-id'), about).toBe(true);
  const message: unknown = JSON.parse(answer.text);
  expect(message, about).toBeTypeOf('string');
  expect((message as string).length, about).toBeGreaterThan(0);
  expect((message as string).length, about).toBeLessThan(1000);
  return message as string;
}

export interface Refusal {
  code: ProblemCode;
  message: string;
  details?: { path: string; reason: string; message: string; suggestion?: string }[];
}

/**
 * Checks that an answer is a refusal in our one shape: a 4xx of a known code with that code's status, JSON that is never
 * cached, a request id, and short texts only.
 */
export function readRefusal(answer: Refused, about = ''): Refusal {
  expect(answer.status, `${about}: ${answer.text.slice(0, 500)}`).toBeGreaterThanOrEqual(400);
  expect(answer.status, `${about}: ${answer.text.slice(0, 500)}`).toBeLessThan(500);
  expect(answer.headers.get('content-type'), about).toMatch(/^application\/json/);
  expect(answer.headers.get('cache-control'), about).toBe('no-store');
  expect(answer.headers.get('sib-request-id'), about).toMatch(/^[0-9a-f-]{36}$/);
  const refusal = JSON.parse(answer.text) as Refusal;
  expect(problemCodes[refusal.code]?.status, `${about}: ${answer.text}`).toBe(answer.status);
  expect(
    Object.keys(refusal).filter((name) => !['code', 'message', 'details'].includes(name)),
    about,
  ).toEqual([]);
  expect(refusal.message.length, about).toBeGreaterThan(0);
  expect(refusal.message.length, about).toBeLessThan(1000);
  for (const detail of refusal.details ?? []) {
    expect(detail, about).toMatchObject({
      path: expect.stringMatching(/./u),
      reason: expect.stringMatching(/^[a-z0-9_]+$/),
      message: expect.stringMatching(/./u),
    });
    expect(detail.path.length, about).toBeLessThan(300);
    expect(detail.message.length, about).toBeLessThan(1000);
  }
  return refusal;
}
