import type { QueryClient } from '@tanstack/react-query';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { addressLines, mistaken } from '../../console/src/pages/keys/address-lines.ts';
import { expiresAt } from '../../console/src/pages/keys/expiry.ts';
import { violationsIn } from './axe.ts';
import { focusComesTo, hasFocus, tabTo } from './keyboard.ts';
import { type Office, openOffice, type Visitor, type WindowOptions } from './open-console.ts';

const managesKeys = 'smtp_api:api_keys';
const hostile = '<img src=x onerror=alert(1)> & "CRM"';

let office: Office;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: '<script>alert(1)</script>' });
});
afterAll(() => office?.close());
beforeEach(async () => {
  await office.world.database.sql(
    `delete from key_secret s using api_key k where s.api_key_id = k.id and k.name <> 'First key'`,
  );
  await office.world.database.sql(`update api_key set deleted_at = now() where name <> 'First key'`);
});

test('a key is made with what was chosen; its secret works, is shown once, and is kept nowhere', async () => {
  await open();
  await page.getByRole('link', { name: 'Create a key' }).click();
  await visitor.reads('Create a key');
  await page.getByLabel('Name').fill(hostile);
  await page.getByRole('checkbox', { name: 'Everything in User management' }).check();
  await page.getByLabel('Expires').selectOption('30');
  await page.getByLabel('Only from these addresses').fill('127.0.0.1\n\n ::1 \n::ffff:127.0.0.1');
  await page.getByRole('button', { name: 'Create the key' }).click();

  const dialog = page.getByRole('dialog', { name: 'Your new key' });
  const field = dialog.getByLabel(`Secret of “${hostile}”`);
  const secret = await field.inputValue();
  expect(secret).toMatch(/^lk_\w{40,}$/);
  expect((await office.world.as(secret).get('/organization/api-keys')).status).toBe(403);
  expect((await office.world.as(secret).get('/organization/invited/users?limit=1')).status).toBe(200);
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 5);
  await dialog.waitFor();

  await dialog.getByRole('button', { name: 'I have kept it' }).click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await tracesOf(secret)).toEqual([]);
  expect(await page.locator('img').count()).toBe(0);
  const made = key(hostile);
  await focusComesTo(actionsOf(hostile));
  expect(await made.innerText()).toContain('Only from 127.0.0.1, ::1, ::ffff:127.0.0.1');
  expect(await made.innerText()).toContain(secret.slice(-4));
  expect(await made.innerText()).toMatch(/expires on .*, in 4 weeks/);
  await made.getByRole('button', { name: 'May: User management' }).click();
  await made.getByText('User management: All').waitFor();

  await page.reload();
  await made.waitFor();
  expect(await tracesOf(secret)).toEqual([]);
  await visitor.leaves();
});

test('what is missing is said where it is missing', async () => {
  await open('?create=true');
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByText('Give the key a name').first().waitFor();
  expect(await hasFocus(page.getByLabel('Name'))).toBe(true);
  await page.getByText('Choose at least one permission, or everything.', { exact: true }).waitFor();
  await said('Give the key a name');

  await page.getByLabel('Name').fill('Billing');
  await page.getByRole('switch', { name: 'Everything, now and later' }).check();
  await page.getByLabel('Expires').selectOption('day');
  await page.getByLabel('Last day').fill('2020-01-31');
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByText('Choose a day that is not over yet.').first().waitFor();
  expect(await hasFocus(page.getByLabel('Last day'))).toBe(true);
  await visitor.leaves();
});

test('addresses that are none are named line by line, those that only the server refuses too', async () => {
  await open('?create=true');
  await page.getByLabel('Name').fill('Billing');
  await page.getByRole('switch', { name: 'Everything, now and later' }).check();
  const field = page.getByLabel('Only from these addresses');
  await field.fill('203.0.113.0/24\n\n203.0.113.300\n2001:db8::/129');
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('main').getByText('Line 3: “203.0.113.300” is no address or range.', { exact: true }).waitFor();
  await page.getByRole('main').getByText('Line 4: “2001:db8::/129” is no address or range.', { exact: true }).waitFor();
  expect(await hasFocus(field)).toBe(true);

  await field.fill('203.0.113.0/24\n\n2001:db8::/32');
  await expect
    .poll(() => page.getByRole('main').getByText('is no address or range.').count(), { timeout: 10_000 })
    .toBe(0);
  await page.route(
    '**/organization/api-keys',
    async (route) => {
      const sent = route.request().postDataJSON();
      await route.continue({ postData: JSON.stringify({ ...sent, allowed_ips: ['203.0.113.0/24', 'nowhere'] }) });
    },
    { times: 1 },
  );
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('main').getByText('Line 3: “2001:db8::/32” is no address or range.', { exact: true }).waitFor();
  expect(await hasFocus(field)).toBe(true);
  expect(await page.getByRole('alert').count()).toBe(0);

  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await key('Billing').getByText('Only from 203.0.113.0/24, 2001:db8::/32').waitFor();
  await visitor.leaves();
});

test('a list says whose each key is, when it was last of use, and which have expired', async () => {
  const mei = await office.world.join('mei@example.com', { permissions: [managesKeys, 'contacts:view'] });
  await make('Old importer');
  await make('Used');
  await sql(`update api_key set expires_at = now() - interval '3 days' where name = 'Old importer'`);
  await sql(`update api_key set last_used_at = now() - interval '3 hours' where name = 'Used'`);
  await mei.client.post('/organization/api-keys', {
    name: 'Script of Mei',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });

  await open();
  await key('Old importer').getByText('Expired', { exact: true }).waitFor();
  await key('Old importer').getByText('Never used').waitFor();
  await key('Old importer').getByText('stands by itself').waitFor();
  await key('Used').getByText('Last used 3 hours ago').waitFor();
  expect(await key('Used').getByText('Expired', { exact: true }).count()).toBe(0);
  await key('Script of Mei').getByText('never does more than they may at that moment').waitFor();
  await key('Script of Mei').getByText('From any address').waitFor();
  const member = key('Script of Mei').getByRole('link', { name: 'mei@example.com' });
  expect(await member.getAttribute('href')).toMatch(/\/people\/mei(@|%40)example\.com$/);
  await visitor.leaves();
});

test('a key gets a new secret, and the old one ends when it was told to', async () => {
  const [before, other] = [await make('Billing'), await make('Nightly export')];
  await open();
  await does('Billing', 'New secret…');
  const dialog = page.getByRole('dialog', { name: 'Give this key a new secret?' });
  await expect.poll(() => dialog.getByLabel('day', { exact: true }).isChecked()).toBe(true);
  await dialog.getByLabel('not at all: it ends at once').check();
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  const shown = page.getByRole('dialog', { name: 'Your new key' });
  const secret = await shown.getByLabel('Secret of “Billing”').inputValue();
  await shown.getByText('The old secret has ended.').waitFor();
  await shown.getByRole('button', { name: 'I have kept it' }).click();
  await focusComesTo(actionsOf('Billing'));
  expect(await tracesOf(secret)).toEqual([]);
  expect((await office.world.as(before).get('/account')).status).toBe(401);
  expect((await office.world.as(secret).get('/account')).status).toBe(200);

  await does('Nightly export', 'New secret…');
  await page.getByRole('dialog').getByLabel('week', { exact: true }).check();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  await page.getByText(/The old secret works until /).waitFor();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  expect((await office.world.as(other).get('/account')).status).toBe(200);
  await visitor.leaves();
});

test('deleting says what stops working, and then it does', async () => {
  const secret = await make('Billing');
  await sql(`update api_key set last_used_at = now() - interval '3 hours' where name = 'Billing'`);
  await open();
  await does('Billing', 'Delete…');
  const dialog = page.getByRole('dialog', { name: 'Delete this key?' });
  await dialog.getByText('It is in use: last 3 hours ago. A program will stop working.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await focusComesTo(actionsOf('Billing'));
  expect((await office.world.as(secret).get('/account')).status).toBe(200);

  await does('Billing', 'Delete…');
  await dialog.getByRole('button', { name: 'Delete the key' }).click();
  await page.getByText('“Billing” was deleted.').waitFor();
  await key('Billing').waitFor({ state: 'detached' });
  expect((await office.world.as(secret).get('/account')).status).toBe(401);
  await focusComesTo(page.getByRole('heading', { level: 1 }));
  await visitor.leaves();
});

test('an owner takes over the key of somebody who is about to leave', async () => {
  const nils = await office.world.join('nils@example.com', { permissions: [managesKeys, 'contacts:view'] });
  const { body } = await nils.client.post('/organization/api-keys', {
    name: 'Sync',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });
  await open();
  await does('Sync', 'Take it over…');
  await page.getByText('belongs to you instead of nils@example.com').waitFor();
  await page.getByRole('button', { name: 'Take it over', exact: true }).click();
  await key('Sync').getByRole('link', { name: 'ada@example.com' }).waitFor();
  await key('Sync').getByText('stands by itself').waitFor();
  await office.world.owner.put('/organization/user/invitation/revoke/nils@example.com');
  expect((await office.world.as(body.key).get('/account')).status).toBe(200);
  await actionsOf('Sync').click();
  await page.getByRole('menuitem', { name: 'Delete…' }).waitFor();
  expect(await page.getByRole('menuitem', { name: 'Take it over…' }).count()).toBe(0);
  await visitor.leaves();
});

test('who holds less than a key cannot change it, and can give no more than they hold', async () => {
  await office.world.join('olga@example.com', { permissions: [managesKeys, 'contacts:view'] });
  await make('Billing');
  await open('', { as: 'olga@example.com' });
  await key('Billing').getByText('It may do more than you may, so you cannot change it.').waitFor();
  await actionsOf('Billing').click();
  const rotate = page.getByRole('menuitem', { name: 'New secret…' });
  await rotate.waitFor();
  await expect.poll(() => rotate.isDisabled()).toBe(true);
  await expect.poll(() => page.getByRole('menuitem', { name: 'Delete…' }).isDisabled()).toBe(true);
  expect(await page.getByRole('menuitem', { name: 'Take it over…' }).count()).toBe(0);
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Create a key' }).click();
  await page.getByText('what you lose, it loses').waitFor();
  await expect.poll(() => page.getByRole('switch', { name: 'Everything, now and later' }).isDisabled()).toBe(true);
  await expect.poll(() => page.getByRole('checkbox', { name: 'Everything in Templates' }).isDisabled()).toBe(true);
  await page.getByLabel('Name').fill('Olga’s script');
  await page.getByRole('checkbox', { name: 'View', exact: true }).first().check();
  await page.getByRole('button', { name: 'Create the key' }).click();
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await key('Olga’s script').getByText('never does more than they may').waitFor();
  await visitor.leaves();
});

test('who may not manage keys is told what it takes', async () => {
  await office.world.join('pia@example.com', { permissions: ['contacts:view'] });
  await open('', { as: 'pia@example.com' });
  await page.getByRole('heading', { name: 'You may not manage API keys' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Your access' }).click();
  await page.waitForURL(/own-access$/);
  await visitor.leaves();
});

test('many keys are found by their name, and the address of the page says which', async () => {
  for (const name of ['One', 'Two', 'Three', 'Four', 'Five']) await make(name);
  await open();
  await page.getByRole('searchbox', { name: 'Find by name, ending or address' }).fill('three');
  await page.waitForURL(/\?find=three$/);
  await expect.poll(names, { timeout: 10_000 }).toEqual(['Three']);
  await page.reload();
  await key('Three').waitFor();
  expect(await names()).toEqual(['Three']);
  await visitor.leaves();
});

test('by keyboard alone somebody makes a key, gives it a new secret and deletes it', async () => {
  await open('', { reducedMotion: 'no-preference' });
  await tabTo(page, page.getByRole('link', { name: 'Create a key' }));
  await page.keyboard.press('Enter');
  await visitor.reads('Create a key');
  await tabTo(page, page.getByLabel('Name'));
  await page.keyboard.type('Typed');
  await tabTo(page, page.getByRole('checkbox', { name: 'Everything in Contacts' }));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Create the key' }));
  await page.keyboard.press('Enter');
  const field = page.getByLabel('Secret of “Typed”');
  await field.waitFor();
  await focusComesTo(field);
  await tabTo(page, page.getByRole('button', { name: 'I have kept it' }));
  await page.keyboard.press('Enter');
  await focusComesTo(actionsOf('Typed'));

  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('menuitem', { name: 'New secret…' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('dialog').getByLabel('day', { exact: true }));
  await page.keyboard.press('ArrowUp');
  await tabTo(page, page.getByRole('button', { name: 'Make a new secret' }));
  await page.keyboard.press('Enter');
  await focusComesTo(field);
  await tabTo(page, page.getByRole('button', { name: 'I have kept it' }));
  await page.keyboard.press('Enter');
  await focusComesTo(actionsOf('Typed'));

  await page.keyboard.press('Enter');
  // The menu is there before the focus is in it.
  await focusComesTo(page.getByRole('menuitem', { name: 'New secret…' }));
  await page.keyboard.press('End');
  await focusComesTo(page.getByRole('menuitem', { name: 'Delete…' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Delete the key' }));
  await page.keyboard.press('Enter');
  await key('Typed').waitFor({ state: 'detached' });
  await visitor.leaves();
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing in the list, the form and the dialogs: %s',
  async (colorScheme) => {
    await make('Billing');
    await make('Old importer');
    await sql(`update api_key set expires_at = now() - interval '3 days' where name = 'Old importer'`);
    await open('', { colorScheme, bypassCSP: true });
    await key('Billing').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await actionsOf('Billing').click();
    await page.getByRole('menuitem', { name: 'Delete…' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await does('Billing', 'Delete…');
    await page.getByRole('dialog').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await does('Billing', 'New secret…');
    await page.getByRole('dialog').waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    await page.getByRole('button', { name: 'I have kept it' }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have kept it' }).click();

    await page.getByRole('link', { name: 'Create a key' }).click();
    await page.getByLabel('Only from these addresses').fill('nowhere');
    await page.getByRole('button', { name: 'Create the key' }).click();
    await page.getByRole('main').getByText('Line 1: “nowhere” is no address or range.', { exact: true }).waitFor();
    expect(await violationsIn(page)).toEqual([]);
    await visitor.leaves();
  },
);

test('an address is one of four numbers or an IPv6 one, with a length or without', () => {
  const right = [
    '203.0.113.7',
    '0.0.0.0/0',
    '10.0.0.0/8',
    '2001:db8::/32',
    '::',
    '::1',
    '::ffff:192.0.2.1',
    'FE80::1/128',
  ];
  const wrong = [
    '203.0.113',
    '203.0.113.256',
    '01.2.3.4',
    '1.2.3.4.',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/8/8',
    '::1/129',
    'fe80::1%eth0',
    '[::1]',
    'host',
    ':',
    '::1 ::2',
  ];
  expect(mistaken(addressLines(right.join('\n')))).toEqual([]);
  expect(mistaken(addressLines(wrong.join('\n'))).map(({ written }) => written)).toEqual(wrong);
});

test('a key lasts until the chosen day is over, and never ends before it begins', () => {
  const noon = new Date('2026-11-22T12:00:00');
  const ends = (choice: 'day' | 'never' | '30', day = '') => expiresAt({ choice, day }, noon);
  expect(ends('day', '2026-11-22')).toBe(new Date('2026-11-23T00:00:00').toISOString());
  expect(ends('day', '2026-11-21')).toBeUndefined();
  expect(ends('day', '')).toBeUndefined();
  expect(ends('30')).toBe(new Date('2026-12-22T12:00:00').toISOString());
  expect(ends('never')).toBeNull();
});

async function open(search = '', options: WindowOptions = {}): Promise<void> {
  visitor = await office.window({ as: 'ada@example.com', ...options });
  page = visitor.page;
  await page.goto(office.at(`keys${search}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const key = (name: string): Locator =>
  page
    .getByRole('list', { name: 'API keys' })
    .getByRole('listitem')
    .filter({ has: actionsOf(name) });
const actionsOf = (name: string): Locator =>
  page.getByRole('button', { name: `Actions for the key ${name}`, exact: true });
const sql = (text: string) => office.world.database.sql(text);
const said = (text: string): Promise<void> =>
  page.getByRole('status').getByText(text).first().waitFor({ state: 'attached' });

async function does(name: string, what: string): Promise<void> {
  await actionsOf(name).click();
  await page.getByRole('menuitem', { name: what }).click();
}

async function names(): Promise<string[]> {
  const labels = await page
    .getByRole('button', { name: 'Actions for the key' })
    .evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label') ?? ''));
  return labels.map((label) => label.replace('Actions for the key ', ''));
}

/** A key of Ada's with everything. @returns its secret */
async function make(name: string): Promise<string> {
  const { body } = await office.world.owner.post('/organization/api-keys', { name, all_features_access: true });
  return body.key;
}

/** Where a secret is still to be found in this window, with all that its scripts keep. */
async function tracesOf(secret: string): Promise<string[]> {
  const traces = await page.evaluate(async (secret) => {
    const found: string[] = [];
    const look = (where: string, text: string): void => void (text.includes(secret) && found.push(where));
    look('document', document.documentElement.outerHTML);
    for (const field of document.querySelectorAll('input, textarea')) look('field', Reflect.get(field, 'value'));
    look('address', `${location.href} ${JSON.stringify(history.state)}`);
    look('local storage', JSON.stringify({ ...localStorage }));
    look('session storage', JSON.stringify({ ...sessionStorage }));
    look('cookies', document.cookie);
    for (const { name = '' } of await indexedDB.databases()) look('IndexedDB', name);
    if ((await indexedDB.databases()).length > 0) found.push('a database of which nothing is known');
    if ((await caches.keys()).length > 0) found.push('a cache of which nothing is known');

    const client = queryClient();
    look(
      'queries',
      JSON.stringify(
        client
          .getQueryCache()
          .getAll()
          .map(({ state, queryKey }) => [state, queryKey]),
      ),
    );
    look(
      'mutations',
      JSON.stringify(
        client
          .getMutationCache()
          .getAll()
          .map(({ state }) => state),
      ),
    );
    if (client.getQueryCache().getAll().length === 0) found.push('no queries: the cache was not found');
    return found;

    function queryClient(): QueryClient {
      const root = document.getElementById('root') as HTMLElement;
      const name = Object.keys(root).find((one) => one.startsWith('__reactContainer$')) ?? '';
      const waiting = [Reflect.get(root, name)];
      for (let fiber = waiting.pop(); fiber; fiber = waiting.pop()) {
        if (fiber.memoizedProps?.client?.getMutationCache) return fiber.memoizedProps.client;
        waiting.push(...[fiber.sibling, fiber.child].filter(Boolean));
      }
      throw new Error('no query client');
    }
  }, secret);
  const requests = visitor.context.pages().map((one) => one.url());
  return requests.some((url) => url.includes(secret)) ? [...traces, 'a window’s address'] : traces;
}
