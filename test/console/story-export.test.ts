import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  const { world } = office;
  await world.owner.put('/organization', { name: 'Acme Rockets' });
  await world.invite('mei@example.com');
  await world.invite('=2+5@example.com');
  await world.owner.put('/organization/user/invitation/cancel/mei@example.com');
});
afterAll(() => office?.close());

const columns =
  'id,date,action,outcome,actor_kind,actor_id,actor_name,target_kind,target_id,user_email,user_ip,user_agent,request_id,details';

test('the activity is saved as CSV, all of it, with a row of names', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('activity'));
  const { name, content } = await exports(ada, 'CSV, for spreadsheets');
  expect(name).toMatch(/^activity-acme-rockets-\d{4}-\d\d-\d\d\.csv$/);
  const [head, ...rows] = content.trimEnd().split('\r\n');
  expect(head?.replace('\u{feff}', '')).toBe(columns);
  expect(rows).toHaveLength((await listed()).length);
  await ada.page.getByText(`Exported ${rows.length} events.`).waitFor();
  expect(rows.filter((row) => row.includes('mei@example.com'))).toHaveLength(2);
  await ada.leaves();
});

test('and as NDJSON, as the API answers it, of what the filters leave', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(`${office.at('activity')}?email=mei%40example.com`);
  const { name, content } = await exports(ada, 'NDJSON, for programs');
  expect(name).toMatch(/\.ndjson$/);
  const events = content
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events).toEqual(await listed('&email=mei%40example.com'));
  expect(events.map(({ action }) => action)).toEqual(['invitation.cancelled', 'member.invited']);
  await ada.page.getByText('Exported 2 events.').waitFor();
  await ada.leaves();
});

test('what is shown and what is in the address are one, so that a filtered list can be sent to somebody', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('activity'));
  await ada.page.getByLabel('Done to').fill('mei@example.com');
  await ada.page.keyboard.press('Enter');
  await ada.page.waitForURL(/email=mei(%40|@)example\.com/);
  await expect.poll(() => shows(ada)).toEqual(['mei@example.com']);
  const olga = await office.window({ as: 'ada@example.com' });
  await olga.page.goto(ada.page.url());
  await expect.poll(() => shows(olga)).toEqual(['mei@example.com']);
  expect(await olga.page.getByLabel('Done to').inputValue()).toBe('mei@example.com');
  for (const visitor of [ada, olga]) await visitor.leaves();
});

test('an export whose connection breaks saves nothing, and can be tried again', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('activity'));
  await ada.page.route('**/activities/export*', (route) => route.abort());
  let saved = false;
  ada.page.on('download', () => {
    saved = true;
  });
  await asksFor(ada, 'CSV, for spreadsheets');
  await ada.page.getByText('No file was saved.').waitFor({ timeout: 40_000 });
  expect(saved).toBe(false);
  await ada.page.unroute('**/activities/export*');
  const download = ada.page.waitForEvent('download');
  await ada.page.getByRole('button', { name: 'Try again' }).click();
  expect((await download).suggestedFilename()).toMatch(/\.csv$/);
  await ada.leaves();
});

/** Who was invited, of those whom the list has. */
const shows = async ({ page }: Visitor): Promise<string[]> => {
  const text = await page.getByRole('main').innerText();
  return ['mei@example.com', '=2+5@example.com'].filter((email) => text.includes(email));
};

async function asksFor({ page }: Visitor, format: string): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: format }).click();
}

async function exports(visitor: Visitor, format: string): Promise<{ name: string; content: string }> {
  const begun = visitor.page.waitForEvent('download');
  await asksFor(visitor, format);
  const download = await begun;
  return { name: download.suggestedFilename(), content: await readFile(await download.path(), 'utf8') };
}

async function listed(filter = ''): Promise<unknown[]> {
  return (await office.world.owner.get(`/organization/activities?limit=100${filter}`)).body.logs;
}
