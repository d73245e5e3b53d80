import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice } from './open-console.ts';

/** What a first load may bring of script, as it travels: a stated bound of the console. */
const mostBytes = 250_000;

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test.each([
  ['people', 'People'],
  ['people/invite', 'Invite people'],
  ['people/ada%40example.com', 'ada@example.com'],
  ['activity', 'Activity'],
  ['outbox', 'Outbox'],
  ['keys', 'API keys'],
  ['organization', 'Organization'],
  ['own-access', 'Your access'],
])('whoever comes to %s first waits for less than 250 kB of script', async (path, heading) => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at(path));
  await ada.reads(heading);
  await ada.page.waitForLoadState('networkidle');
  const scripts = await ada.page.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => name.endsWith('.js'))
      .map(({ encodedBodySize }) => encodedBodySize),
  );
  expect(scripts.length).toBeGreaterThan(4);
  expect(scripts.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(mostBytes);
  await ada.leaves();
});
