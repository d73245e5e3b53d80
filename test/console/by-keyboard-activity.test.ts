import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice } from './open-console.ts';

const soon = { timeout: 15_000 };
let office: Office;
let ada: KeyboardUser;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
  for (const email of ['mei@example.com', 'noor@example.com']) await office.world.invite(email);
  await office.world.owner.put('/organization/user/invitation/cancel/noor@example.com');
});
afterAll(() => office?.close());

test('the activity is narrowed down by days, by kind and by person, and all there again', async () => {
  await opens('activity', 'Activity');
  const all = await events().count();
  await ada.goesTo(page.getByLabel('From'));
  await ada.types('01012099');
  await page.waitForURL(/from=2099-01-01/);
  await ada.hears('Nothing like this has happened');
  await ada.uses(page.getByRole('link', { name: 'Show everything' }));
  await expect.poll(() => events().count(), soon).toBe(all);
  await ada.hears(`${all} events`);
  await ada.isAt(page.getByRole('heading', { level: 1 }));

  await ada.goesTo(page.getByLabel('Until'));
  await ada.types('01012020');
  await page.waitForURL(/to=2020-01-01/);
  await ada.uses(page.getByRole('link', { name: 'Show everything' }));
  await ada.goesTo(page.getByLabel('What happened'));
  await ada.presses('ArrowDown');
  await page.waitForURL(/action=/);
  await ada.presses('Home');
  await expect.poll(() => page.url(), soon).not.toContain('action=');
  await ada.fills(page.getByLabel('Done to'), 'noor@example.com');
  await ada.presses('Enter');
  await ada.hears(/^2 events/);
  await ada.uses(events().first().getByRole('button'));
  await ada.uses(page.getByRole('link', { name: 'noor@example.com' }));
  await page.getByRole('heading', { level: 1, name: 'noor@example.com' }).waitFor();
  await ada.leaves();
});

test('what the filters leave is exported for programs, and an export that takes long is called off', async () => {
  await opens('activity?email=noor%40example.com', 'Activity');
  await page.route('**/activities/export*', () => undefined);
  const menu = button('Export');
  await ada.chooses(menu, 'NDJSON, for programs');
  await ada.hears('The export has begun.');
  await ada.isAt(menu);
  await ada.uses(button('Cancel'));
  await ada.hears('The export was cancelled.');
  await ada.isAt(page.getByRole('heading', { level: 1 }));

  await page.unroute('**/activities/export*');
  const saved = page.waitForEvent('download');
  await ada.chooses(menu, 'NDJSON, for programs');
  expect((await readFile(await (await saved).path(), 'utf8')).trimEnd().split('\n')).toHaveLength(2);
  await ada.hears('Exported 2 events.');
  await ada.isAt(menu);
  await ada.leaves();
});

test('the outbox is narrowed down to what was sent, widened from one person to everybody, and leads to them', async () => {
  await office.mailbox.mailTo('mei@example.com');
  await opens('outbox?email=mei%40example.com', 'Outbox');
  await ada.uses(page.getByRole('link', { name: 'Sent' }));
  await ada.hears('1 message');
  await ada.isAt(page.getByRole('link', { name: 'Sent' }));
  await ada.uses(page.getByRole('link', { name: 'To everybody' }));
  await gone(page.getByRole('link', { name: 'To everybody' }));
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.uses(page.getByRole('list', { name: 'Outbox' }).getByRole('link', { name: 'mei@example.com' }));
  await ada.arrivesAt('mei@example.com');
  await ada.leaves();
});

test('what could not be read is asked for again, and the focus stays on the page', async () => {
  await opens('activity', 'Activity');
  await page.route('**/organization/activities?*', (route) =>
    route.fulfill({ status: 400, json: { code: 'invalid_parameter', message: 'no', details: [] } }),
  );
  await ada.fills(page.getByLabel('Done to'), 'mei@example.com');
  await ada.presses('Enter');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
  await page.unroute('**/organization/activities?*');
  await ada.uses(button('Try again'));
  await gone(button('Try again'));
  await expect.poll(() => events().count(), soon).toBe(1);
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.leaves();
});

async function opens(address: string, heading: string): Promise<void> {
  ada = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = ada);
  await ada.opens(office.at(address), heading);
  await page.getByRole('list', { name: heading }).waitFor();
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const events = (): Locator => page.getByRole('list', { name: 'Activity' }).getByRole('listitem');
const gone = (what: Locator): Promise<void> => what.waitFor({ state: 'detached' });
