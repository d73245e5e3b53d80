import { readFile } from 'node:fs/promises';
import type { Download, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readActivitySearch } from '../../console/src/pages/activity/activity-search.ts';
import { fileName, received } from '../../console/src/pages/activity/received-file.ts';
import type { Client } from '../client.ts';
import { violationsIn } from './axe.ts';
import { focusComesTo, hasFocus, tabTo } from './keyboard.ts';
import { type Office, openOffice, type Visitor, type WindowOptions } from './open-console.ts';

const manages = 'user_management:all';
const hostile = '<img src=x onerror=alert(1)>';

let office: Office;
let visitor: Visitor;
let page: Page;
let ada: Client;

beforeAll(async () => {
  office = await openOffice();
  ada = (await office.world.signIn('ada@example.com')).client;
  await ada.put('/organization', { name: `Acme ${hostile}` });
  await office.world.invite('mei@example.com', {}, ada);
  const change = { email: 'mei@example.com', all_features_access: false };
  const privileges = [{ feature: 'templates', permissions: ['create_edit_delete'] }];
  await ada.post('/organization/user/update/permissions', { ...change, privileges }, { 'user-agent': hostile });
  const olga = await office.world.join('olga@example.com', { permissions: [manages, 'contacts:view'] });
  await olga.client.post('/organization/user/update/permissions', { ...change, all_features_access: true });
});
afterAll(() => office?.close());

test('what happened stands in sentences, newest first, and what was refused is marked', async () => {
  await open();
  const refused = event('olga@example.com (API key) tried to change somebody’s access');
  await refused.getByText('Refused', { exact: true }).waitFor();
  const changed = event('ada@example.com changed the access of mei@example.com');
  expect(await changed.getByText('Refused', { exact: true }).count()).toBe(0);
  const all = await sentences();
  expect(all.indexOf('ada@example.com invited mei@example.com')).toBeGreaterThan(
    all.indexOf('ada@example.com changed the access of mei@example.com'),
  );
  const when = changed.getByRole('time');
  expect(await when.innerText()).toMatch(/^(now|\d+ minutes? ago)\s+\d{1,2} \w+ \d{4}, \d\d:\d\d$/);
  await visitor.leaves();
});

test('an event opened tells what changed, where it came from, and links the person; hostile text is only text', async () => {
  await open();
  const changed = event('ada@example.com changed the access of mei@example.com');
  await changed.getByRole('button').click();
  await changed.getByText('Gained: Templates: Create / edit / delete').waitFor();
  expect(await meaning(changed, 'By')).toBe('ada@example.com');
  expect(await meaning(changed, 'From address')).toBe('127.0.0.1');
  expect(await meaning(changed, 'Browser or program')).toBe(hostile);
  expect(await meaning(changed, 'Request')).toMatch(/^[\w-]{10,}$/);
  expect(await meaning(changed, 'When')).toMatch(/\(\d{4}-\d\d-\d\dT[\d:.]+Z\)$/);
  expect(await meaning(changed, 'before.permissions')).toBe('contacts:view');
  expect(await page.locator('img').count()).toBe(0);
  await changed.getByRole('button').click();
  await changed.getByText('Gained:').waitFor({ state: 'detached' });

  await changed.getByRole('button').click();
  await changed.getByRole('link', { name: 'mei@example.com' }).click();
  await page.waitForURL(/\/people\/mei(@|%40)example\.com$/);
  await visitor.leaves();
});

test('what is looked for stands in the address of the page and outlives loading it again', async () => {
  await open();
  await page.getByLabel('What happened').selectOption({ label: 'Member changed' });
  await page.waitForURL(/action=member\.updated/);
  await expect
    .poll(sentences, { timeout: 10_000 })
    .toEqual([
      'olga@example.com (API key) tried to change somebody’s access',
      'ada@example.com changed the access of mei@example.com',
    ]);
  await said('2 events');
  await page.getByLabel('Outcome').selectOption('done');
  await page.getByLabel('Done to').fill('MEI@example.com');
  await expect.poll(sentences, { timeout: 10_000 }).toEqual(['ada@example.com changed the access of mei@example.com']);
  await page.waitForURL(/email=MEI/);
  await page.reload();
  await event('ada@example.com changed the access of mei@example.com').waitFor();
  expect(await page.getByLabel('Done to').inputValue()).toBe('MEI@example.com');
  expect(await page.getByLabel('Outcome').inputValue()).toBe('done');
  expect(await sentences()).toHaveLength(1);

  await page.getByLabel('Done to').fill('mei@');
  await page.getByLabel('Done to').press('Enter');
  await page.getByText('This is no whole address').waitFor();
  await page.getByLabel('Done to').fill('nobody@example.com');
  await page.getByRole('heading', { name: 'Nothing like this has happened' }).waitFor();
  await page.getByRole('link', { name: 'Show everything' }).click();
  await event('ada@example.com invited mei@example.com').waitFor();
  expect(await page.getByLabel('Done to').inputValue()).toBe('');
  expect(new URL(page.url()).search).toBe('');
  await visitor.leaves();
});

test('who did it can be looked for: a person by their address, with their keys, and whoever did an event from there', async () => {
  await open();
  await page.getByLabel('Done by').fill('olga@example.com');
  await expect
    .poll(sentences, { timeout: 10_000 })
    .toEqual(['olga@example.com (API key) tried to change somebody’s access']);
  await page.waitForURL(/by=olga/);
  await page.reload();
  await event('olga@example.com (API key) tried to change somebody’s access').waitFor();
  expect(await page.getByLabel('Done by').inputValue()).toBe('olga@example.com');
  await page.getByLabel('Done by').fill('nonsense');
  await page.getByLabel('Done by').press('Enter');
  await page.getByText('This is no whole address').waitFor();
  await page.getByLabel('Done by').fill('');

  const changed = event('ada@example.com changed the access of mei@example.com');
  await changed.getByRole('button').click();
  await changed.getByRole('link', { name: 'Only what ada@example.com did' }).click();
  await page.waitForURL(/by=ada/);
  await event('olga@example.com (API key) tried to change somebody’s access').waitFor({ state: 'detached' });
  expect(await page.getByLabel('Done by').inputValue()).toBe('ada@example.com');

  await page.goto(office.at('activity?outcome=refused'));
  const tried = event('olga@example.com (API key) tried to change somebody’s access');
  await tried.getByRole('button').click();
  await tried.getByRole('link', { name: 'Only what olga@example.com (API key) did' }).click();
  await page.waitForURL(/outcome=refused.*by=[0-9a-f-]{36}|by=[0-9a-f-]{36}.*outcome=refused/);
  expect(await page.getByLabel('Done by').inputValue()).toMatch(/^[0-9a-f-]{36}$/);
  await page.getByRole('search').getByText('olga@example.com (API key)').waitFor();
  await visitor.leaves();
});

test('what happens to a key, and to a passkey, says which one', async () => {
  const { id } = (await ada.post('/organization/api-keys', { name: hostile, all_features_access: true })).body;
  await ada.delete(`/organization/api-keys/${id}`);
  await open('?action=api_key.deleted');
  await event('ada@example.com deleted an API key').getByRole('button').click();
  await page.getByText(`Named “${hostile}”`).waitFor();
  expect(await meaning(event('ada@example.com deleted an API key'), 'key_id')).toBe(id);
  expect(await page.locator('img').count()).toBe(0);
  await visitor.leaves();
});

test('days are those of the reader’s calendar', async () => {
  // Here it is another day than in UTC for most of each day.
  const timezoneId = 'Pacific/Kiritimati';
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: timezoneId }).format(new Date());
  const yesterday = new Date(`${today}T00:00:00Z`);
  yesterday.setUTCDate(yesterday.getUTCDate() - 1);
  await open('', { timezoneId });
  await event('ada@example.com invited mei@example.com').waitFor();
  await page.getByLabel('From').fill(today);
  await page.waitForURL(new RegExp(`from=${today}`));
  await event('ada@example.com invited mei@example.com').waitFor();
  await page.getByLabel('From').fill('');
  await page.getByLabel('Until').fill(yesterday.toISOString().slice(0, 10));
  await page.getByRole('heading', { name: 'Nothing like this has happened' }).waitFor();
  await page.getByLabel('From').fill(today);
  await page.getByText('This is before the first day.').waitFor();
  await visitor.leaves();
});

test('an address that says what cannot be is read as far as it makes sense', async () => {
  expect(
    readActivitySearch({ from: '2026-02-30', to: '2026-11-21', action: 'toString', outcome: 'done', email: 7 }),
  ).toEqual({ to: '2026-11-21', outcome: 'done' });
  await open('?action=nothing.known&outcome=done&from=yesterday&more=1');
  await event('ada@example.com invited mei@example.com').waitFor();
  await visitor.leaves();
});

test('a long history comes page by page', async () => {
  for (let time = 1; time <= 52; time++) await ada.put('/organization', { locale: time % 2 === 0 ? 'en' : 'fr' });
  await open('?action=organization.updated');
  await expect.poll(async () => (await sentences()).length, { timeout: 10_000 }).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(async () => (await sentences()).length, { timeout: 10_000 }).toBe(53);
  expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  await visitor.leaves();
});

test.each([
  ['csv', 'CSV, for spreadsheets'],
  ['ndjson', 'NDJSON, for programs'],
] as const)(
  'what the filters leave is saved as %s, all of it, and named after the organization',
  async (format, label) => {
    await open('?action=organization.updated&outcome=done');
    await event('ada@example.com changed the organization').first().waitFor();
    const saved = await exportAs(label);
    expect(saved.suggestedFilename()).toMatch(
      new RegExp(`^activity-acme-img-src-x-onerror-alert-1-\\d{4}-\\d\\d-\\d\\d\\.${format}$`),
    );
    const text = await readFile(await saved.path(), 'utf8');
    const path = `/organization/activities/export?format=${format}&action=organization.updated&outcome=done`;
    const direct = await (
      await fetch(office.world.base + path, { headers: { 'api-key': office.world.ownerKey } })
    ).text();
    expect(text).toBe(direct);
    await page.getByText('Exported 53 events.').waitFor();
    await visitor.leaves();
  },
);

test('an export that fails says so, saves nothing, and can be tried again', async () => {
  await open();
  await page.route('**/activities/export*', (route) => route.abort(), { times: 1 });
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click();
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
  await page.getByText('No file was saved.').waitFor();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Try again' }).click(),
  ]);
  expect(await readFile(await saved.path(), 'utf8')).toContain('member.invited');
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await visitor.leaves();
});

test('an export under way says how far it is, and can be given up', async () => {
  await open();
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/activities/export*', async (route) => {
    await held;
    await route.abort();
  });
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'NDJSON, for programs' }).click();
  await page.getByText('Exporting: 0 events so far').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Exporting').waitFor({ state: 'detached' });
  await said('The export was cancelled.');
  expect(await page.getByRole('alert').count()).toBe(0);
  release();
  await visitor.leaves();
});

test('half a file is none: a stream that breaks off is an error', async () => {
  const bytes = new TextEncoder().encode('{"a":1}\n{"a":2}\n');
  const whole = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes.slice(0, 3));
      controller.enqueue(bytes.slice(3));
      controller.close();
    },
  });
  const { file, lines } = await received(whole, () => {});
  expect([await file.text(), lines]).toEqual(['{"a":1}\n{"a":2}\n', 2]);
  const broken = new ReadableStream({
    start: (controller) => controller.enqueue(bytes),
    pull: (controller) => controller.error(new Error('cut')),
  });
  await expect(received(broken, () => {})).rejects.toMatchObject({ code: 'unreachable' });
});

test('a file is named so that every system takes it', () => {
  const now = new Date('2026-01-02T12:00:00');
  expect(fileName('activity', 'Müller & Söhne / "GmbH"', 'csv', now)).toBe('activity-müller-söhne-gmbh-2026-01-02.csv');
  expect(fileName('activity', '../..', 'ndjson', now)).toBe('activity-2026-01-02.ndjson');
});

test('who may not read the activity is told what it takes', async () => {
  await office.world.join('pia@example.com', { permissions: ['contacts:view'] });
  await open('', { as: 'pia@example.com' });
  await page.getByRole('heading', { name: 'You may not read the activity' }).waitFor();
  await visitor.leaves();
});

test('by keyboard alone somebody looks for what was refused, opens it and exports it', async () => {
  await open();
  await tabTo(page, page.getByLabel('Outcome'));
  await page.keyboard.type('Refused');
  await page.waitForURL(/outcome=refused/);
  const refused = event('olga@example.com (API key) tried to change somebody’s access').getByRole('button');
  await expect.poll(async () => (await sentences()).length, { timeout: 10_000 }).toBe(1);
  await tabTo(page, refused);
  await page.keyboard.press('Enter');
  expect(await refused.getAttribute('aria-expanded')).toBe('true');
  await page.getByText('From address', { exact: true }).waitFor();
  expect(await hasFocus(refused)).toBe(true);

  await tabTo(page, page.getByRole('button', { name: 'Export' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }));
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect((await readFile(await saved.path(), 'utf8')).trimEnd().split('\r\n')).toHaveLength(2);
  await visitor.leaves();
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing in the list, an opened event and the menu: %s',
  async (colorScheme) => {
    await open('', { colorScheme, bypassCSP: true });
    const changed = event('ada@example.com changed the access of mei@example.com');
    await page.getByRole('button', { name: 'Show more' }).click();
    await changed.getByRole('button').click();
    await changed.getByText('Gained:').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await visitor.leaves();
  },
);

async function open(search = '', options: WindowOptions = {}): Promise<void> {
  visitor = await office.window({ as: 'ada@example.com', acceptDownloads: true, ...options });
  page = visitor.page;
  await page.goto(office.at(`activity${search}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const list = (): Locator => page.getByRole('list', { name: 'Activity' });
const event = (sentence: string): Locator => list().getByRole('listitem').filter({ hasText: sentence });

async function sentences(): Promise<string[]> {
  const texts = await list().locator('button > span:nth-of-type(2)').allInnerTexts();
  return texts.map((text) => text.replace(/\s*Refused$/, '').trim());
}

const meaning = async (one: Locator, term: string): Promise<string> =>
  one.locator('dt').getByText(term, { exact: true }).locator('xpath=following-sibling::dd[1]').innerText();

const said = (text: string): Promise<void> =>
  page.getByRole('status').getByText(text).first().waitFor({ state: 'attached' });

async function exportAs(label: string): Promise<Download> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: label }).click(),
  ]);
  return saved;
}
