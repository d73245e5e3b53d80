import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice, type WindowOptions } from './open-console.ts';

const soon = { timeout: 15_000 };
let office: Office;
let ada: KeyboardUser;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
  const { world } = office;
  await world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  await world.join('noor@example.com', { permissions: ['contacts:view'] });
  for (const email of ['olga@example.com', 'lucy@example.com', 'hiro@example.com']) await world.invite(email);
});
afterAll(() => office?.close());

test('the people are narrowed down by state, by what they may do and by their address, put in order, and all there again', async () => {
  await opens();
  await ada.uses(page.getByRole('navigation', { name: 'Status' }).getByRole('link', { name: 'Active' }));
  await ada.hears('3 people found.');
  await ada.isAt(page.getByRole('link', { name: /^Active/ }));

  const holds = page.getByRole('combobox', { name: 'Who may' });
  await ada.goesTo(holds, 'Shift+Tab');
  await ada.types('export');
  await page.getByRole('option', { name: 'Contacts: Export' }).waitFor();
  await ada.presses('ArrowDown', 'Enter');
  await ada.hears('2 people found.');
  await ada.isAt(holds);
  await ada.uses(button('No longer filter by permission'));
  await expect.poll(shown, soon).toHaveLength(3);

  await ada.goesTo(page.getByLabel('Order'), 'Shift+Tab');
  await ada.presses('End');
  await expect.poll(shown, soon).toEqual(['ada@example.com', 'noor@example.com', 'mei@example.com']);

  await ada.fills(page.getByRole('searchbox', { name: 'Search by address' }), 'nobody');
  await ada.hears('Nobody matches');
  await ada.uses(page.getByRole('link', { name: 'Clear all filters' }));
  await expect.poll(shown, soon).toHaveLength(6);
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.leaves();
});

test('everybody shown is selected and let go again', async () => {
  await opens();
  await ada.uses(page.getByRole('checkbox', { name: 'Select everybody shown' }), 'Space');
  await ada.hears('6 people selected');
  await ada.usesBefore(button('Clear the selection'));
  await ada.hears('Nobody is selected any more.');
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.leaves();
});

test('many are given a permission, after a look at what would become of each and a step back', async () => {
  await opens();
  for (const email of ['mei@example.com', 'noor@example.com']) await ada.uses(select(email), 'Space');
  await ada.usesBefore(button('Change permissions'));
  await ada.uses(dialog().getByLabel('Find a permission'));
  await ada.types('activate');
  await ada.uses(box('Templates', 'Activate / deactivate'), 'Space');
  await ada.uses(button('See what would change'));
  await ada.hears('2 people will gain something');
  await ada.uses(button('Back'));
  await ada.uses(button('See what would change'));
  await ada.uses(button('Give to 2 people'));
  await ada.hears('2 people gained something');
  await ada.uses(dialog().getByRole('button', { name: 'Close' }).last());
  await gone(dialog());
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.leaves();
});

test('and a permission is taken from whoever has it', async () => {
  await opens();
  for (const email of ['mei@example.com', 'noor@example.com']) await ada.uses(select(email), 'Space');
  await ada.usesBefore(button('Change permissions'));
  await ada.goesTo(dialog().getByRole('radio', { name: 'Give' }));
  await ada.presses('ArrowRight');
  await ada.isAt(dialog().getByRole('radio', { name: 'Take away' }));
  await ada.uses(button('See what would change'));
  await ada.hears('Tick at least one permission.');
  await ada.usesBefore(box('Contacts', 'Export'), 'Space');
  await ada.uses(button('See what would change'));
  await ada.hears('1 person will lose something');
  await ada.uses(button('Take from 1 person'));
  await ada.hears('1 person lost something');
  await ada.presses('Escape');
  await gone(dialog());
  await ada.leaves();
});

test('invitations are sent again and taken back, many at once', async () => {
  await office.world.database.sql(`update delivery set created_at = created_at - interval '5 minutes'`);
  await opens('?status=pending');
  for (const [action, confirm, announcement] of [
    ['Resend invitation', 'Resend 3 invitations', '3 invitations resent'],
    ['Cancel invitation', 'Cancel 3 invitations', '3 invitations cancelled'],
  ] as const) {
    await ada.usesBefore(page.getByRole('checkbox', { name: 'Select everybody shown' }), 'Space');
    await ada.hears('3 people selected');
    await ada.usesBefore(button(action));
    await ada.uses(button(confirm));
    await ada.hears(announcement);
    await ada.presses('Escape');
    await gone(dialog());
    await ada.isAt(page.getByRole('heading', { level: 1 }));
  }
  await ada.leaves();
});

test('on a phone’s width somebody’s card is selected and the menu of actions opens, closes and leads to a dialog', async () => {
  await opens('', { viewport: { width: 390, height: 844 } });
  await ada.uses(select('noor@example.com'), 'Space');
  await ada.usesBefore(button('Actions'));
  await ada.isAt(page.getByRole('menuitem', { name: 'Change permissions' }));
  await ada.presses('Escape');
  await ada.isAt(button('Actions'));
  await ada.chooses(button('Actions'), 'Revoke access');
  await ada.hears('1 person will lose their access');
  await ada.presses('Escape');
  await gone(dialog());
  await ada.isAt(page.getByRole('region', { name: 'What to do with those selected' }));
  await ada.leaves();
});

test('of a long list more is shown, up to its end', async () => {
  await joinMany(110);
  await opens();
  await ada.usesBefore(button('Show more'));
  await ada.hears('More is shown above.');
  await ada.isAt(button('Show more'));
  await ada.presses('Enter');
  await ada.isAt(page.getByText('That is all.'));
  await ada.leaves();
});

test('what is done to very many is stopped half-way, and gone on with', async () => {
  await opens();
  await ada.usesBefore(button('Show more'));
  await ada.hears('More is shown above.');
  await ada.presses('Enter');
  await ada.isAt(page.getByText('That is all.'));
  // By the end of the page, which is nearer than by all its rows.
  await ada.uses(page.getByRole('checkbox', { name: 'Select everybody shown' }), 'Space');
  await ada.hears(/^11\d people selected/);
  await ada.usesBefore(button('Change permissions'));
  await ada.uses(dialog().getByLabel('Find a permission'));
  await ada.types('workflows');
  await ada.uses(box('Workflows', 'Settings'), 'Space');
  await ada.uses(button('See what would change'));
  await ada.hears(/^11\d people will gain something/);

  const first = Promise.withResolvers<void>();
  await page.route('**/organization/users/bulk', async (route) => {
    await first.promise;
    await route.continue();
  });
  await ada.uses(page.getByRole('button', { name: /^Give to 11\d people$/ }));
  await ada.uses(button('Stop here'));
  first.resolve();
  await page.getByText(/^Stopped\. 1\d people stayed untouched and selected\.$/).waitFor();
  await ada.uses(button('Go on'));
  await ada.hears(/^11\d people gained something/);
  await ada.presses('Escape');
  await gone(dialog());
  await ada.leaves();
});

test('a list that could not be read is asked for again', async () => {
  ada = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = ada);
  const list = '**/organization/invited/users?*';
  await page.route(list, (route) =>
    route.fulfill({ status: 409, json: { code: 'conflict', message: 'Not at this moment.' } }),
  );
  await ada.opens(office.at('people'), 'People');
  await page.getByRole('alert').waitFor();
  await page.unroute(list);
  await ada.uses(button('Try again'));
  await select('noor@example.com').waitFor();
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.leaves();
});

async function opens(search = '', options: WindowOptions = {}): Promise<void> {
  ada = await withoutMouse(await office.window({ as: 'ada@example.com', ...options }));
  ({ page } = ada);
  await ada.opens(office.at(`people${search}`), 'People');
  await page.getByRole('checkbox', { name: 'Select everybody shown' }).waitFor();
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const dialog = (): Locator => page.getByRole('dialog');
const select = (email: string): Locator => page.getByRole('checkbox', { name: `Select ${email}`, exact: true });
const box = (feature: string, permission: string): Locator =>
  page.getByRole('group', { name: feature, exact: true }).getByLabel(permission, { exact: true });
const shown = (): Promise<string[]> => page.getByRole('row').getByRole('link').allInnerTexts();
const gone = (what: Locator): Promise<void> => what.waitFor({ state: 'detached' });

/** Active members with one permission. */
async function joinMany(count: number): Promise<void> {
  await office.world.database.sql(
    `with people as (
       insert into member (organization_id, id, email, status, locale, joined_at)
       select $1, uuidv7(), 'person' || n || '@example.com', 'active', 'en', now() from generate_series(1, $2::int) n returning id)
     insert into member_grant (organization_id, member_id, permissions) select $1, id, array['contacts:view'] from people`,
    [office.world.organizationId, count],
  );
}
