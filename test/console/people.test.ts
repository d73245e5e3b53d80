import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor, type WindowOptions } from './open-console.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const hostile = '<img src=x onerror=alert(1)>@example.com';
const manages = 'user_management:all';
/** Machines that have much else to do take longer. */
const soon = { timeout: 10_000 };

let office: Office;
let ada: Visitor;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());
beforeEach(async () => {
  await office.world.database.sql(
    `update member set status = 'removed', removed_at = now(), removed_as = 'revoked' where not is_owner and status <> 'removed'`,
  );
});

test('who is alone is shown how to invite', async () => {
  await open();
  await page.getByRole('heading', { name: 'It is only you so far' }).waitFor();
  expect(await addresses()).toEqual(['ada@example.com']);
  await page.getByRole('main').getByRole('link', { name: 'Invite people' }).last().click();
  await page.waitForURL(/\/people\/invite$/);
  await ada.leaves();
});

test('everybody is listed with their state and what they have, and hostile names are only text', async () => {
  const { world } = office;
  await world.join('mei@example.com', { all: true });
  await world.join('sol@example.com', { permissions: ['email_campaigns:create_edit_delete'] });
  await world.join('tim@example.com', { permissions: ['contacts:view'] });
  await world.join(hostile, { permissions: ['contacts:view'] });
  await world.invite('pat@example.com');
  await world.invite('quentin@example.com');
  await world.invite('rita@example.com');
  await world.owner.put('/organization/user/sol@example.com', { suspended: true });
  await world.owner.put('/organization/user/tim@example.com', { access_expires_at: '2099-03-04T12:00:00.000Z' });
  await change(
    `update delivery set state = 'failed', reason = '550 no such user' where recipient = 'quentin@example.com'`,
  );
  await change(`update invitation i set expires_at = now() - interval '1 day' from member m
    where m.id = i.member_id and m.email = 'rita@example.com'`);

  await open();
  expect(await addresses()).toEqual([
    'ada@example.com',
    'mei@example.com',
    'sol@example.com',
    'tim@example.com',
    hostile,
    'pat@example.com',
    'quentin@example.com',
    'rita@example.com',
  ]);
  await expect
    .poll(() => row('ada@example.com').innerText(), soon)
    .toMatch(/Owner.*You.*Active.*Everything in the plan/s);
  expect(await row('mei@example.com').innerText()).toMatch(/Active.*Everything in the plan/s);
  expect(await row('sol@example.com').innerText()).toMatch(/Suspended.*In part: Marketing/s);
  expect(await row('tim@example.com').innerText()).toMatch(/Active.*Access ends 4 Mar 2099.*In part: Contacts$/s);
  expect(await row('pat@example.com').innerText()).toMatch(/Invited.*(Mail sent|waiting).*link ends in/s);
  expect(await row('quentin@example.com').innerText()).toMatch(/Mail could not be sent\. There is no such mailbox\./);
  expect(await row('rita@example.com').innerText()).toMatch(/Expired/);
  await row(hostile).getByRole('link').click();
  await page.waitForURL((url) => decodeURIComponent(url.pathname).endsWith(hostile));
  await ada.leaves();
});

test('who has something of features of no area alone reads which, and who has much reads how many more', async () => {
  await office.world.join('tim@example.com', { permissions: ['contacts:view', manages] });
  await office.world.join('vera@example.com', {});
  await office.world.join('walt@example.com', {
    permissions: [
      'contacts:view',
      'templates:create_edit_delete',
      'phone:all',
      'companies:manage_owned_companies',
      'conversations:access',
      'smtp_api:smtp',
      manages,
    ],
  });
  await open();
  await row('tim@example.com').getByText('Full: User management').waitFor();
  await row('tim@example.com').getByText('In part: Contacts', { exact: true }).waitFor();
  await row('vera@example.com').getByText('Nothing', { exact: true }).waitFor();
  await row('walt@example.com').getByText('In part: Marketing, Conversations, Sales CRM and 2 more').waitFor();
  await ada.leaves();
});

test('what is looked for stands in the address, outlives loading again, and can be cleared', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.join('noor@example.com', { permissions: ['contacts:export'] });
  await office.world.invite('norbert@example.com', { permissions: ['contacts:export'] });
  await open();
  await page.getByRole('link', { name: 'All 4' }).waitFor();
  await page.getByRole('searchbox', { name: 'Search by address' }).fill('NO');
  await expect.poll(addresses, soon).toEqual(['noor@example.com', 'norbert@example.com']);
  await page.getByRole('link', { name: 'Invited' }).click();
  await expect.poll(addresses, soon).toEqual(['norbert@example.com']);
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Address, Z to A');
  await page.waitForURL((url) => url.search === '?search=NO&status=pending&sort=-email');

  await page.reload();
  await expect.poll(addresses, soon).toEqual(['norbert@example.com']);
  expect(await page.getByRole('searchbox', { name: 'Search by address' }).inputValue()).toBe('NO');
  expect(await page.getByRole('combobox', { name: 'Order' }).inputValue()).toBe('-email');
  await page.getByRole('searchbox', { name: 'Search by address' }).fill('nobody has this');
  await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
  await page.getByRole('link', { name: 'Clear all filters' }).click();
  await expect.poll(async () => (await addresses()).length, soon).toBe(4);
  expect(await page.getByRole('searchbox', { name: 'Search by address' }).inputValue()).toBe('');
  await ada.leaves();
});

test('a search of digits, and what nobody understands in an address, does no harm', async () => {
  await office.world.join('agent007@example.com', { permissions: ['contacts:view'] });
  await open('?search=007&status=nonsense&sort=7&permission=&other=x');
  await expect.poll(addresses, soon).toEqual(['agent007@example.com']);
  await page.goto(office.at('people?permission=contacts:fly'));
  await page.getByRole('alert').getByText('There is no such permission any more.').waitFor();
  await ada.leaves();
});

test('who may export contacts is asked by typing it', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.join('noor@example.com', { permissions: ['contacts:export'] });
  await open();
  const who = page.getByRole('combobox', { name: 'Who may' });
  await who.fill('contacts: exp');
  await page.getByRole('option', { name: 'Contacts: Export' }).click();
  await expect.poll(addresses, soon).toEqual(['ada@example.com', 'noor@example.com']);
  expect(ada.address()).toMatch(/\?permission=contacts(:|%3A)export$/);
  await who.fill('contacts: any');
  await page.getByRole('option', { name: 'Contacts: anything' }).click();
  await expect.poll(addresses, soon).toEqual(['ada@example.com', 'mei@example.com', 'noor@example.com']);
  expect(ada.address()).toMatch(/\?feature=contacts$/);
  await page.getByRole('button', { name: 'No longer filter by permission' }).click();
  await page.waitForURL((url) => url.search === '');
  await ada.leaves();
});

test('of many people one page is loaded, and the next when it is asked for', async () => {
  await joinMany(120);
  const asked: string[] = [];
  await open('', (opened) =>
    opened.on('request', (request) => {
      if (request.url().includes('/invited/users')) asked.push(new URL(request.url()).search);
    }),
  );
  await expect.poll(async () => (await addresses()).length, soon).toBe(50);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain('limit=50');
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(async () => (await addresses()).length, soon).toBe(100);
  await page.getByRole('button', { name: 'Show more' }).click();
  await expect.poll(async () => (await addresses()).length, soon).toBe(121);
  await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'hidden' });
  await ada.leaves();
});

test('invitations are resent to those who have one, after saying so; who has joined is refused and stays selected', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.invite('petra@example.com');
  await office.mailbox.mailTo('petra@example.com');
  await open();
  await select('mei@example.com');
  await selection().getByRole('button', { name: 'Revoke access' }).waitFor();
  expect(await page.getByRole('button', { name: 'Resend invitation' }).count(), 'nobody is invited').toBe(0);
  await select('petra@example.com');
  await said('2 people selected');
  await page.getByRole('button', { name: 'Resend invitation' }).click();

  const dialog = page.getByRole('dialog', { name: 'Resend invitations · For 2 people' });
  await dialog.getByText('The link before stops working at once').waitFor();
  await said('1 invitation will be resent');
  expect(await dialog.innerText()).toMatch(
    /1 invitation will be resent\s+petra@example\.com\s+1 person cannot be changed\s+Has joined already.*\s+mei@example\.com/,
  );
  expect(office.mailbox.peer.received.filter(({ to }) => to.includes('petra@example.com'))).toHaveLength(1);
  await dialog.getByRole('button', { name: 'Resend 1 invitation' }).click();
  await dialog.getByRole('heading', { name: '1 invitation resent' }).waitFor();
  await office.mailbox.mailTo('petra@example.com', 2);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await selection().getByText('1 person selected').waitFor();
  expect(await box('mei@example.com').isChecked()).toBe(true);
  expect(await box('petra@example.com').isChecked()).toBe(false);
  await ada.leaves();
});

test('permissions are given to people who have different ones, and nobody loses any', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:import', manages] });
  await office.world.join('noor@example.com', { permissions: ['templates:create_edit_delete'] });
  await office.world.join('olga@example.com', { all: true });
  await office.world.join('sol@example.com', { permissions: ['contacts:export'] });
  await open();
  await page.getByRole('checkbox', { name: 'Select everybody shown' }).check();
  await page.getByRole('button', { name: 'Change permissions' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'See what would change' }).click();
  await dialog.getByRole('alert').getByText('Tick at least one permission.').waitFor();
  await dialog.getByRole('checkbox', { name: 'Export', exact: true }).check();
  await dialog.getByRole('button', { name: 'See what would change' }).click();

  await dialog.getByRole('heading', { name: '2 people will gain something' }).waitFor();
  expect(await dialog.innerText()).toMatch(/Gains\s+Contacts: Export\s+mei@example\.com\s+noor@example\.com/);
  expect(await dialog.innerText()).not.toMatch(/Loses/);
  expect(await dialog.innerText()).toMatch(/Is an owner\. Owners must step down first\.\s+ada@example\.com/);
  expect(await dialog.innerText()).toMatch(/Has everything, now and later\s+olga@example\.com/);
  expect(await dialog.innerText()).toMatch(/Has this already\s+sol@example\.com/);
  expect(await held('mei@example.com')).not.toContain('contacts:export');
  await dialog.getByRole('button', { name: 'Give to 2 people' }).click();
  await dialog.getByRole('heading', { name: '2 people gained something' }).waitFor();
  expect(await held('mei@example.com')).toEqual(['contacts:export', 'contacts:import', 'contacts:view', manages]);
  expect(await held('noor@example.com')).toEqual(['contacts:export', 'templates:create_edit_delete']);
  await ada.leaves();
});

test('permissions are taken from whoever has them, everything else stays, and second thoughts change nothing', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:export', manages] });
  await office.world.join('noor@example.com', { permissions: ['contacts:export'] });
  await office.world.join('olga@example.com', { all: true });
  await open();
  for (const email of ['mei@example.com', 'noor@example.com', 'olga@example.com']) await select(email);
  await page.getByRole('button', { name: 'Change permissions' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Take away', { exact: true }).click();
  expect(await dialog.getByRole('switch').count(), 'everything cannot be taken from many').toBe(0);
  await dialog.getByRole('checkbox', { name: 'Export', exact: true }).check();
  await dialog.getByRole('button', { name: 'See what would change' }).click();
  await dialog.getByRole('heading', { name: '2 people will lose something' }).waitFor();
  expect(await dialog.innerText()).toMatch(/single permissions cannot be taken out of that.*\s+olga@example\.com/);
  await dialog.getByRole('button', { name: 'Back' }).click();
  expect(await dialog.getByRole('checkbox', { name: 'Export', exact: true }).isChecked()).toBe(true);
  expect(await held('noor@example.com')).toEqual(['contacts:export']);
  await dialog.getByRole('button', { name: 'See what would change' }).click();
  await dialog.getByRole('button', { name: 'Take from 2 people' }).click();
  await dialog.getByRole('heading', { name: '2 people lost something' }).waitFor();
  expect(await held('mei@example.com')).toEqual(['contacts:view', manages]);
  expect(await held('noor@example.com')).toEqual([]);
  await ada.leaves();
});

test('more than a hundred are revoked a hundred at a time; what breaks off is gone on with, and nothing is done twice', async () => {
  await joinMany(130);
  await open();
  for (const shown of [100, 131]) {
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(async () => (await addresses()).length, soon).toBe(shown);
  }
  await page.getByRole('checkbox', { name: 'Select everybody shown' }).check();
  await page.getByRole('button', { name: 'Revoke access' }).click();
  const dialog = page.getByRole('dialog', { name: 'Revoke access · For 131 people' });
  await dialog.getByRole('heading', { name: '130 people will lose their access' }).waitFor();

  const before = await revocations();
  const sizes: number[] = [];
  await page.route('**/users/bulk', async (route) => {
    sizes.push(route.request().postDataJSON().emails.length);
    await (sizes.length === 2
      ? route.fulfill({ status: 403, json: { code: 'permission_denied', message: 'no' } })
      : route.continue());
  });
  await dialog.getByRole('button', { name: 'Revoke access of 130 people' }).click();
  await dialog.getByText('It broke off: 31 people may be untouched.').waitFor();
  await dialog.getByRole('alert').getByText('You may not do this.').waitFor();
  expect(sizes).toEqual([99, 31]);
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await dialog.getByRole('heading', { name: '130 people lost their access' }).waitFor();
  await dialog.getByRole('heading', { name: '1 person was refused' }).waitFor();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await selection().getByText('1 person selected').waitFor();
  await expect.poll(addresses, soon).toEqual(['ada@example.com']);
  expect((await revocations()) - before).toBe(130);
  await ada.leaves();
});

test('by the keyboard alone somebody is found, selected, and revoked, and the focus is never lost', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  await open();
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  await page.getByRole('searchbox', { name: 'Search by address' }).focus();
  await page.keyboard.type('noor');
  await press('Enter');
  await expect.poll(addresses, soon).toEqual(['noor@example.com']);
  await said('1 person found.');
  await tabTo(box('noor@example.com'));
  await press('Space');
  await said('1 person selected');
  await tabTo(page.getByRole('button', { name: 'Revoke access' }), 'Shift+Tab');
  await press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('heading', { name: '1 person will lose their access' }).waitFor();
  await press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => focusIsIn(selection()), soon).toBe(true);
  await tabTo(page.getByRole('button', { name: 'Revoke access' }));
  await press('Enter');
  await dialog.getByRole('heading', { name: '1 person will lose their access' }).waitFor();
  await tabTo(dialog.getByRole('button', { name: 'Revoke access of 1 person' }));
  await press('Enter');
  await said('1 person lost their access');
  await press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  await expect.poll(() => focusIsIn(page.getByRole('heading', { level: 1 })), soon).toBe(true);
  await said('Nobody is selected any more.');
  await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
  await ada.leaves();
});

test('who may not manage people is told so, and shown where their own access is', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  const noor = await office.window({ as: 'noor@example.com' });
  await noor.page.goto(office.at('people'));
  await noor.page.getByRole('heading', { name: 'You may not see the people of this organization' }).waitFor();
  await noor.page.getByRole('main').getByRole('link', { name: 'Your access' }).click();
  await noor.reads('Your access');
  await noor.leaves();
});

test('somebody with less than others is told whom they cannot change', async () => {
  await office.world.join('mei@example.com', { permissions: [manages, 'contacts:view'] });
  await office.world.join('olga@example.com', { all: true });
  const mei = await office.window({ as: 'mei@example.com' });
  await mei.page.goto(office.at('people'));
  await mei.page.getByRole('checkbox', { name: 'Select olga@example.com' }).check();
  await mei.page.getByRole('checkbox', { name: 'Select mei@example.com' }).check();
  await mei.page.getByRole('button', { name: 'Revoke access' }).click();
  const dialog = mei.page.getByRole('dialog');
  await dialog.getByText('You are one of them.').waitFor();
  expect(await dialog.innerText()).toMatch(/Has more access than you do.*\s+olga@example\.com/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await mei.leaves();
});

test('a server that cannot be reached, or has had enough, is said to be so, with a way to try again', async () => {
  await open();
  await expect.poll(addresses, soon).toEqual(['ada@example.com']);
  let answer: 'gone' | 'busy' | 'there' = 'gone';
  await page.route('**/invited/users*', (route) =>
    answer === 'gone'
      ? route.abort()
      : answer === 'busy'
        ? route.fulfill({
            status: 429,
            headers: { 'retry-after': '90' },
            json: { code: 'too_many_requests', message: 'x' },
          })
        : route.continue(),
  );
  await page.getByRole('link', { name: 'Declined' }).click();
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
  answer = 'busy';
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('alert').getByText('Try again in 90 seconds.').waitFor();
  answer = 'there';
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Nobody matches' }).waitFor();
  await ada.leaves();
});

test.each(['light', 'dark'] as const)(
  'axe finds nothing in the list, the dialog and the cards: %s',
  async (colorScheme) => {
    await office.world.join('mei@example.com', {
      permissions: ['contacts:view', 'email_campaigns:create_edit_delete'],
    });
    await office.world.join('sol@example.com', { all: true });
    await office.world.invite('pat@example.com');
    await office.world.owner.put('/organization/user/sol@example.com', { suspended: true });
    await open('', undefined, { colorScheme, bypassCSP: true });
    await select('mei@example.com');
    await select('pat@example.com');
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'Change permissions' }).click();
    await page.getByRole('dialog').getByRole('checkbox', { name: 'Export', exact: true }).check();
    expect(await violations()).toEqual([]);
    await page.getByRole('button', { name: 'See what would change' }).click();
    await page.getByRole('heading', { name: '2 people will gain something' }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('list', { name: 'The people of this organization' }).waitFor();
    expect(await violations()).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await ada.leaves();
  },
);

/** Ada's window on the people, once they are there. */
async function open(search = '', before?: (page: Page) => void, options: WindowOptions = {}): Promise<void> {
  ada = await office.window({ as: 'ada@example.com', ...options });
  page = ada.page;
  before?.(page);
  await page.goto(office.at(`people${search}`));
  await page.getByRole('table').waitFor();
}

const row = (email: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name: email, exact: true }) });
const box = (email: string): Locator => page.getByRole('checkbox', { name: `Select ${email}`, exact: true });
const select = (email: string): Promise<void> => box(email).check();
const addresses = (): Promise<string[]> => page.getByRole('row').getByRole('link').allInnerTexts();
const said = (text: string): Promise<void> =>
  page.getByRole('status').getByText(text).first().waitFor({ state: 'attached' });
const focusIsIn = (place: Locator): Promise<boolean> =>
  place.evaluate((element) => element.contains(document.activeElement));
const selection = (): Locator => page.getByRole('region', { name: 'What to do with those selected' });
const change = (sql: string, values: unknown[] = []) => office.world.database.sql(sql, values);

async function tabTo(target: Locator, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press(key);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${key} never came to ${target}`);
}

/** Active members with one permission. */
async function joinMany(count: number): Promise<void> {
  await change(
    `with people as (
       insert into member (organization_id, id, email, status, locale, joined_at)
       select $1, uuidv7(), 'person' || n || '@example.com', 'active', 'en', now() from generate_series(1, $2::int) n returning id)
     insert into member_grant (organization_id, member_id, permissions) select $1, id, array['contacts:view'] from people`,
    [office.world.organizationId, count],
  );
}

async function held(email: string): Promise<string[]> {
  const { body } = await office.world.owner.get(`/organization/user/${email}/permissions`);
  const privileges: { feature: string; permissions: string[] }[] = body.privileges;
  return privileges.flatMap(({ feature, permissions }) => permissions.map((name) => `${feature}:${name}`)).sort();
}

async function revocations(): Promise<number> {
  const [row] = await office.world.database.sql<{ count: number }>(
    `select count(*)::int from audit_event where action = 'member.revoked' and details ->> 'was' = 'active'`,
  );
  return row?.count ?? 0;
}

async function violations(): Promise<string[]> {
  await page.evaluate(axe);
  const found: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] = await page.evaluate(
    async () => {
      const { violations } = await Reflect.get(window, 'axe').run();
      return violations;
    },
  );
  return found.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(', ')}`,
  );
}
