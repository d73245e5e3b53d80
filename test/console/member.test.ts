import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { focusComesTo, tabTo } from './keyboard.ts';
import { type Office, openOffice, type Visitor, type WindowOptions } from './open-console.ts';

const hostile = '<img src=x onerror=alert(1)>@example.com';
const manages = 'user_management:all';
const update = '/organization/user/update/permissions';
let office: Office;
let visitor: Visitor;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());
beforeEach(async () => {
  await office.world.database.sql(
    `update member set status = 'removed', removed_at = now(), removed_as = 'revoked' where email <> 'ada@example.com' and status <> 'removed'`,
  );
});

test('a change is shown in words before it is saved, and then it is stored', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  await opens('mei@example.com');
  await box('Contacts', 'Export').uncheck();
  await box('Templates', 'Activate / deactivate').check();
  const unsaved = visitor.page.getByRole('region', { name: 'Not saved yet' });
  await unsaved.getByText('Contacts: Export').waitFor();
  await unsaved.getByText('Templates: Activate / deactivate').waitFor();
  expect(await granted('mei@example.com')).toEqual(['contacts:export', 'contacts:view']);
  await visitor.page.getByRole('button', { name: 'Save changes' }).click();
  await unsaved.waitFor({ state: 'detached' });
  expect(await granted('mei@example.com')).toEqual(['contacts:view', 'templates:activate_deactivate']);
  expect(await box('Contacts', 'Export').isChecked()).toBe(false);
  await visitor.leaves();
});

test('a change can be discarded, and nobody leaves without being asked', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com');
  await box('Contacts', 'Export').check();
  await visitor.page.getByRole('link', { name: 'All people' }).click();
  await visitor.page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await visitor.page.keyboard.press('Escape');
  await visitor.page.getByRole('button', { name: 'Discard' }).click();
  expect(await box('Contacts', 'Export').isChecked()).toBe(false);
  await visitor.page.getByRole('link', { name: 'All people' }).click();
  await visitor.reads('People');
  await visitor.leaves();
});

test('of two who change the same member neither loses anything: the second sees both changes and puts theirs on top', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view', 'contacts:import'] });
  await opens('mei@example.com');
  await box('Contacts', 'Export').check();
  await box('Contacts', 'Import').uncheck();
  await somebodyElseGives('mei@example.com', ['view', 'import', 'forms']);
  await visitor.page.getByRole('button', { name: 'Save changes' }).click();

  const conflict = visitor.page.getByRole('alert').filter({ hasText: 'Somebody else changed these permissions' });
  await conflict.getByText('Contacts: Contact forms').waitFor();
  await conflict.getByText('Contacts: Export').first().waitFor();
  expect(await granted('mei@example.com')).toEqual(['contacts:forms', 'contacts:import', 'contacts:view']);
  await conflict.getByRole('button', { name: 'Save mine on top' }).click();
  await conflict.waitFor({ state: 'detached' });
  await expect.poll(() => granted('mei@example.com')).toEqual(['contacts:export', 'contacts:forms', 'contacts:view']);
  await visitor.leaves();
});

test('or keeps what the other one made of it', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com');
  await box('Contacts', 'Export').check();
  await somebodyElseGives('mei@example.com', ['view', 'forms']);
  await visitor.page.getByRole('button', { name: 'Save changes' }).click();
  await visitor.page.getByRole('button', { name: 'Keep theirs' }).click();
  await visitor.page.getByRole('button', { name: 'Keep theirs' }).waitFor({ state: 'detached' });
  await expect.poll(() => box('Contacts', 'Contact forms').isChecked()).toBe(true);
  expect(await box('Contacts', 'Export').isChecked()).toBe(false);
  expect(await granted('mei@example.com')).toEqual(['contacts:forms', 'contacts:view']);
  await visitor.leaves();
});

test('nobody is asked where somebody else changed something that is no permission', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com');
  await box('Contacts', 'Export').check();
  await office.world.owner.put('/organization/user/mei@example.com', { external_id: 'u-1' });
  await visitor.page.getByRole('button', { name: 'Save changes' }).click();
  await visitor.page.getByRole('region', { name: 'Not saved yet' }).waitFor({ state: 'detached' });
  expect(await granted('mei@example.com')).toEqual(['contacts:export', 'contacts:view']);
  await visitor.leaves();
});

test('an invitation says how long it is good for and what became of the mail; it is sent again, copied, taken back', async () => {
  await office.world.invite('noor@example.com');
  await office.mailbox.mailTo('noor@example.com');
  await opens('noor@example.com');
  await main('Has not answered yet. The link works until').waitFor();
  await main('The mail was sent').waitFor();
  await visitor.page.getByRole('button', { name: 'Send again' }).click();
  await visitor.page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
  await office.mailbox.mailTo('noor@example.com', 2);
  await visitor.page.getByRole('dialog').waitFor({ state: 'detached' });
  await visitor.page.getByRole('button', { name: 'Copy link of noor@example.com' }).click();
  await visitor.page.getByRole('button', { name: 'Show the link' }).click();
  await visitor.page.getByRole('dialog').getByRole('textbox').waitFor();
  await visitor.page.keyboard.press('Escape');
  await visitor.page.getByRole('dialog').waitFor({ state: 'detached' });
  await visitor.page.getByRole('button', { name: 'Take back' }).click();
  await visitor.page.getByRole('button', { name: 'Take the invitation back' }).click();
  await visitor.reads('People');
  expect((await office.world.owner.get('/organization/user/noor@example.com/permissions')).status).toBe(404);
  await visitor.leaves();
});

test('a mail that could not be sent says why', async () => {
  await office.world.invite('noor@example.com');
  await office.mailbox.mailTo('noor@example.com', 3);
  await office.world.database.sql(
    `update delivery set state = 'failed', reason = '550 no such user' where recipient = 'noor@example.com'`,
  );
  await opens('noor@example.com');
  await main('The mail could not be sent. There is no such mailbox.').waitFor();
  await visitor.leaves();
});

test('a member is suspended and comes back, gets an end of access and an id of the product', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com', {}, '?tab=access');
  await visitor.page.getByRole('button', { name: 'Suspend' }).click();
  await visitor.page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await visitor.page.getByRole('button', { name: 'Lift the suspension' }).click();
  await visitor.page.getByRole('button', { name: 'Suspend', exact: true }).waitFor();

  await visitor.page.getByLabel('Date and time').fill('2020-01-01T10:00');
  await saveIn('Access ends').click();
  await main('Enter a date and a time in the future.').waitFor();
  await visitor.page.getByLabel('Date and time').fill('2099-01-01T10:00');
  await saveIn('Access ends').click();
  await visitor.page.getByRole('button', { name: 'No end' }).waitFor();

  await visitor.page.getByLabel('Id', { exact: true }).fill('mei@home');
  await saveIn('The product’s own id').click();
  await main('The id has no @').waitFor();
  await visitor.page.getByLabel('Id', { exact: true }).fill('u-42');
  await saveIn('The product’s own id').click();
  const ends = new Date('2099-01-01T10:00').toISOString();
  await expect
    .poll(async () => (await office.world.owner.get('/organization/invited/users?search=mei&limit=1')).body.users[0])
    .toMatchObject({ suspended: false, access_expires_at: ends, external_id: 'u-42' });
  await visitor.leaves();
});

test('before a member is removed it says what they lose', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com', {}, '?tab=access');
  await visitor.page.getByRole('button', { name: 'Remove from the organization' }).click();
  const dialog = visitor.page.getByRole('dialog', { name: 'Remove mei@example.com?' });
  await dialog.getByText('Contacts: View').waitFor();
  await visitor.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await focusComesTo(visitor.page.getByRole('button', { name: 'Remove from the organization' }));
  await visitor.page.getByRole('button', { name: 'Remove from the organization' }).click();
  await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
  await visitor.reads('People');
  expect((await office.world.owner.get('/organization/user/mei@example.com/permissions')).status).toBe(404);
  await visitor.leaves();
});

test('ownership is given by typing the address, and an owner is protected from then on', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com', {}, '?tab=access');
  await visitor.page.getByRole('button', { name: 'Make an owner' }).click();
  const dialog = visitor.page.getByRole('dialog', { name: 'Make mei@example.com an owner?' });
  const confirm = dialog.getByRole('button', { name: 'Make an owner' });
  await dialog.getByRole('textbox').fill('mei@example');
  await expect.poll(() => confirm.isDisabled()).toBe(true);
  await dialog.getByRole('textbox').fill('Mei@Example.com');
  await confirm.click();
  await main('Owners are protected').waitFor();
  await expect.poll(() => visitor.page.getByRole('button', { name: 'Suspend' }).isDisabled()).toBe(true);
  expect(await visitor.page.getByRole('button', { name: 'Remove from the organization' }).count()).toBe(0);
  await visitor.page.getByRole('tab', { name: 'Permissions' }).click();
  await expect.poll(() => box('Contacts', 'View').isDisabled()).toBe(true);
  await visitor.leaves();
});

test('whoever has less than a member can look and not touch, and is told why', async () => {
  await office.world.join('mei@example.com', { permissions: [manages, 'contacts:view'] });
  await office.world.join('noor@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  await office.world.join('lucy@example.com', { permissions: ['contacts:view'] });
  await opens('noor@example.com', { as: 'mei@example.com' });
  await main('This person has more access than you.').waitFor();
  await expect.poll(() => box('Contacts', 'View').isDisabled()).toBe(true);
  await expect.poll(() => box('Contacts', 'Export').isChecked()).toBe(true);
  await visitor.page.goto(office.at('people/lucy@example.com'));
  await visitor.reads('lucy@example.com');
  await box('Contacts', 'View').uncheck();
  await expect.poll(() => box('Contacts', 'Export').isDisabled()).toBe(true);
  await visitor.page.getByRole('button', { name: 'Discard' }).click();
  await visitor.page.goto(office.at('people/mei@example.com'));
  await main('This is you').waitFor();
  await visitor.leaves();
});

test('the history tells who did what, and when', async () => {
  const ada = await office.world.signIn('ada@example.com');
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await ada.client.post(update, {
    email: 'mei@example.com',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['export'] }],
  });
  await ada.client.put('/organization/user/mei@example.com', { suspended: true });
  await opens('mei@example.com', {}, '?tab=history');
  await main('ada@example.com changed the access of mei@example.com').first().waitFor();
  await main('Gained: Contacts: Export').first().waitFor();
  await main('Lost: Contacts: View').first().waitFor();
  await main('Suspended: holds nothing for now').first().waitFor();
  await visitor.leaves();
});

test('who is not here has a page that says so', async () => {
  for (const [address, heading] of [
    ['nobody@example.com', 'nobody@example.com'],
    ['no-address', 'no-address'],
  ] as const) {
    visitor = await office.window({ as: 'ada@example.com' });
    await visitor.page.goto(office.at(`people/${address}`));
    await visitor.reads(heading);
    await main('Nobody here has this address').waitFor();
    await visitor.leaves();
  }
});

test('a hostile address is only text', async () => {
  await office.world.join(hostile, { permissions: ['contacts:view'] });
  visitor = await office.window({ as: 'ada@example.com' });
  await visitor.page.goto(office.at('people'));
  await visitor.page.getByRole('link', { name: hostile }).click();
  // No server takes such an address, so neither does the page.
  await visitor.reads(hostile);
  await main('Nobody here has this address').waitFor();
  await visitor.leaves();
});

test('a permission is changed and saved by keyboard alone', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await opens('mei@example.com');
  await tabTo(visitor.page, box('Contacts', 'Export'));
  await visitor.page.keyboard.press('Space');
  await tabTo(visitor.page, visitor.page.getByRole('button', { name: 'Save changes' }));
  await visitor.page.keyboard.press('Enter');
  await visitor.page.getByRole('region', { name: 'Not saved yet' }).waitFor({ state: 'detached' });
  await focusComesTo(visitor.page.getByRole('group', { name: 'Permissions' }));
  expect(await granted('mei@example.com')).toEqual(['contacts:export', 'contacts:view']);
  await visitor.leaves();
});

test('axe finds nothing in a change and in a conflict, on a phone and on a desk', { timeout: 180_000 }, async () => {
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    const email = `mei${viewport.width}@example.com`;
    await office.world.join(email, { permissions: ['contacts:view', 'contacts:import'] });
    await opens(email, { viewport, bypassCSP: true });
    await box('Contacts', 'Export').check();
    await box('Contacts', 'Import').uncheck();
    await expectAccessible(visitor.page);
    await somebodyElseGives(email, ['view', 'forms']);
    await visitor.page.getByRole('button', { name: 'Save changes' }).click();
    await visitor.page.getByRole('button', { name: 'Keep theirs' }).waitFor();
    await expectAccessible(visitor.page);
    expect(await overflow()).toBe(0);
    await visitor.page.getByRole('button', { name: 'Keep theirs' }).click();
    await visitor.page.getByRole('tab', { name: 'Access' }).click();
    await expectAccessible(visitor.page);
    await visitor.context.close();
  }
});

async function opens(email: string, options: WindowOptions = {}, search = ''): Promise<void> {
  visitor = await office.window({ as: 'ada@example.com', ...options });
  await visitor.page.goto(office.at(`people/${email}${search}`));
  await visitor.reads(email);
}

/** As another tab or another person would, with no word to the page. */
async function somebodyElseGives(email: string, permissions: string[]): Promise<void> {
  const { status } = await office.world.owner.post(update, {
    email,
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions }],
  });
  expect(status).toBe(200);
}

async function granted(email: string): Promise<string[]> {
  const { body } = await office.world.owner.get(`/organization/user/${email}/permissions`);
  return body.privileges
    .flatMap(({ feature, permissions }: { feature: string; permissions: string[] }) =>
      permissions.map((name) => `${feature}:${name}`),
    )
    .sort();
}

const main = (words: string) => visitor.page.getByRole('main').getByText(words);
const saveIn = (section: string) =>
  visitor.page.getByRole('region', { name: section }).getByRole('button', { name: 'Save', exact: true });
const box = (feature: string, permission: string) =>
  visitor.page
    .getByRole('group', { name: feature, exact: true })
    .getByRole('checkbox', { name: permission, exact: true });
const overflow = () =>
  visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
