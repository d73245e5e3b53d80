import { spawnSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { tickingClock } from '../../client/src/replica/ticking-clock.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

function block(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

test('a stretch that runs on sees time go on, though nothing else of the process runs', async () => {
  const clock = tickingClock();
  await settled();
  clock();
  block(100);
  expect(performance.now() - clock()).toBeLessThan(50);
});

test('what comes after a pause begins with a reading of its own', async () => {
  const clock = tickingClock();
  await settled();
  const readings = vi.spyOn(performance, 'now');
  for (let stretch = 1; stretch <= 50; stretch++) {
    clock();
    expect(readings.mock.calls.length).toBeGreaterThanOrEqual(stretch);
    await null;
  }
  readings.mockRestore();
});

test('a reading serves 256 uses, also where no thread says that time goes on', () => {
  const clock = tickingClock();
  const readings = vi.spyOn(performance, 'now');
  for (let use = 0; use < 10_000; use++) clock();
  expect(readings.mock.calls.length).toBeGreaterThanOrEqual(Math.floor(10_000 / 257));
  readings.mockRestore();
});

test('it never goes back', () => {
  const clock = tickingClock();
  const readings = Array.from({ length: 200_000 }, () => clock());
  expect(readings.every((now, index) => index === 0 || now >= (readings[index - 1] as number))).toBe(true);
});

test('it keeps no process from ending', () => {
  const source = new URL('../../client/src/replica/ticking-clock.ts', import.meta.url).href;
  const program = `import { tickingClock } from ${JSON.stringify(source)}; tickingClock()(); console.log('done');`;
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'done\n' });
});
