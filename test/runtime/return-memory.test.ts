import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import type { Told } from './burst-and-idle.ts';

const megabyte = 2 ** 20;

test('an idle process gives back the heap that a burst has left, and keeps what is in use', async () => {
  const told = await messagesOf(burst({ inUse: 40, garbage: 150, busy: false }), 'quiet');
  const after = told.find(({ kind }) => kind === 'after burst')?.heap ?? 0;
  const quiet = told.find(({ kind }) => kind === 'quiet')?.heap ?? 0;
  expect(after).toBeGreaterThan(150 * megabyte);
  expect(quiet).toBeLessThan(after - 100 * megabyte);
  expect(quiet).toBeGreaterThan(40 * megabyte);
  // Once for what was left, and once more to see that the rest is in use: not again and again.
  expect(told.filter(({ kind }) => kind === 'gave back').length).toBeLessThan(5);
});

test('a process that works is not interrupted', async () => {
  const told = await messagesOf(burst({ inUse: 40, garbage: 150, busy: true }), 'quiet');
  expect(told.filter(({ kind }) => kind === 'gave back')).toEqual([]);
});

function burst(of: { inUse: number; garbage: number; busy: boolean }): ChildProcess {
  const child = fork(new URL('burst-and-idle.ts', import.meta.url), [JSON.stringify(of)]);
  onTestFinished(() => void child.kill());
  return child;
}

async function messagesOf(child: ChildProcess, last: Told['kind']): Promise<Told[]> {
  const told: Told[] = [];
  child.on('message', (message: Told) => told.push(message));
  while (told.at(-1)?.kind !== last) await once(child, 'message');
  return told;
}
