import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice } from './open-console.ts';

let office: Office;
let ada: KeyboardUser;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test('everything is given by one switch, and what was thought better of is discarded', async () => {
  await opensMember('mei@example.com');
  await ada.uses(page.getByLabel('Find a permission'));
  await ada.types('export');
  await ada.uses(box('Contacts', 'Export'), 'Space');
  await ada.hears('Contacts: Export');
  await ada.uses(button('Discard'));
  await ada.isAt(matrix());
  expect(await box('Contacts', 'Export').isChecked()).toBe(false);

  await ada.uses(page.getByLabel('Everything, now and later'), 'Space');
  await ada.hears('everything, now and later');
  await ada.uses(button('Save changes'));
  await ada.hears('The permissions of mei@example.com were saved.');
  await ada.isAt(matrix());
  expect((await permissionsOf('mei@example.com')).all_features_access).toBe(true);
  await ada.leaves();
});

test('whoever is about to leave a change behind is asked, stays where they were, or goes', async () => {
  await opensMember('noor@example.com');
  await ada.uses(box('Contacts', 'Export'), 'Space');
  const back = page.getByRole('link', { name: 'All people' });
  await ada.usesBefore(back);
  await ada.isAt(button('Stay'));
  await ada.presses('Enter');
  await gone(page.getByRole('dialog'));
  await ada.isAt(back);
  await ada.presses('Enter');
  await ada.isAt(button('Stay'));
  await ada.uses(button('Leave'));
  await ada.arrivesAt('People');
  expect((await permissionsOf('noor@example.com')).privileges).toMatchObject([{ permissions: ['view'] }]);
  await ada.leaves();
});

test('of two who change the same person the second is told, and keeps the first’s or adds their own', async () => {
  await opensMember('lucy@example.com');
  for (const [meanwhile, answer] of [
    [['view', 'import'], 'Keep theirs'],
    [['view', 'import', 'forms'], 'Save mine on top'],
  ] as const) {
    await ada.uses(box('Contacts', 'Export'), 'Space');
    await office.world.owner.post('/organization/user/update/permissions', {
      email: 'lucy@example.com',
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: meanwhile }],
    });
    await ada.uses(button('Save changes'));
    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody else changed these permissions' });
    await ada.isAt(conflict);
    await ada.hears('Nothing of yours was saved, and nothing of theirs is lost.');
    await ada.uses(button(answer));
    await gone(conflict);
    await ada.isAt(matrix());
  }
  await ada.hears('Yours was discarded; this is what they have now.');
  await ada.hears('The permissions of lucy@example.com were saved.');
  const [privilege] = (await permissionsOf('lucy@example.com')).privileges;
  expect(privilege.permissions).toEqual(expect.arrayContaining(['view', 'import', 'forms', 'export']));
  await ada.leaves();
});

test('somebody is suspended and comes back, gets an end of access and an id, and loses both', async () => {
  await opensMember('kim@example.com');
  await ada.uses(tab('Permissions'), 'ArrowRight');
  await ada.isAt(tab('Access'));
  await ada.uses(button('Suspend'));
  await ada.isAt(dialog().getByRole('button', { name: 'Cancel' }));
  await ada.uses(dialog().getByRole('button', { name: 'Suspend' }));
  await ada.hears('kim@example.com is suspended.');
  await ada.isAt(button('Lift the suspension'));
  await ada.presses('Enter');
  await ada.hears('kim@example.com has access again.');
  await ada.isAt(button('Suspend'));

  const ends = page.getByRole('region', { name: 'Access ends' });
  const moment = page.getByLabel('Date and time');
  await ada.goesTo(moment);
  await ada.types('01012020');
  await ada.presses('ArrowRight');
  // The A is for browsers that count to twelve.
  await ada.types('1000A');
  await ada.uses(ends.getByRole('button', { name: 'Save' }));
  await ends.getByText('Enter a date and a time in the future.').waitFor();
  await ada.isAt(moment);
  await ada.types('01012099');
  await ada.uses(ends.getByRole('button', { name: 'Save' }));
  await ada.hears('The end of access was saved.');
  await ada.uses(ends.getByRole('button', { name: 'No end' }));
  await gone(ends.getByRole('button', { name: 'No end' }));
  await ada.isAt(ends.getByRole('heading'));

  const id = page.getByLabel('Id', { exact: true });
  await ada.fills(id, 'kim@home');
  await ada.presses('Enter');
  await ada.hears('The id has no @');
  await ada.isAt(id);
  await ada.fills(id, 'u-42');
  await ada.presses('Enter');
  await ada.hears('The id was saved.');
  await ada.isAt(id);
  expect(await listed('kim@example.com')).toMatchObject({
    suspended: false,
    external_id: 'u-42',
    access_expires_at: null,
  });
  await ada.leaves();
});

test('somebody is made an owner, who is protected from then on', async () => {
  await opensMember('grace@example.com', '?tab=access');
  await ada.uses(button('Make an owner'));
  await ada.isAt(dialog().getByRole('textbox'));
  await ada.types('grace@example.com');
  await ada.presses('Enter');
  await ada.hears('grace@example.com is an owner now.');
  await page.getByText('Owners are protected').waitFor();
  await ada.isAt(page.getByRole('heading', { level: 1 }));
  await ada.leaves();
});

test('somebody is removed, after second thoughts', async () => {
  await opensMember('bob@example.com', '?tab=access');
  await ada.uses(button('Remove from the organization'));
  await ada.isAt(dialog().getByRole('button', { name: 'Cancel' }));
  await ada.presses('Enter');
  await gone(dialog());
  await ada.isAt(button('Remove from the organization'));
  await ada.presses('Enter');
  await ada.uses(dialog().getByRole('button', { name: 'Remove', exact: true }));
  await ada.hears('bob@example.com was removed.');
  await ada.arrivesAt('People');
  expect((await office.world.owner.get('/organization/user/bob@example.com/permissions')).status).toBe(404);
  await ada.leaves();
});

test('somebody’s history is read to its end', async () => {
  await office.world.join('jonas@example.com', { permissions: ['contacts:view'] });
  for (let times = 0; times < 25; times++)
    await office.world.owner.put('/organization/user/jonas@example.com', { external_id: `u-${times}` });
  ada = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = ada);
  await ada.opens(office.at('people/jonas@example.com'), 'jonas@example.com');
  await ada.goesTo(tab('Permissions'));
  await ada.presses('ArrowLeft');
  await ada.isAt(tab('History'));
  await ada.uses(button('Show more'));
  await ada.isAt(page.getByText('That is all.'));
  await ada.leaves();
});

test('an invitation is sent again, its link copied, and taken back', async () => {
  await office.world.invite('olga@example.com');
  ada = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = ada);
  await ada.opens(office.at('people/olga@example.com'), 'olga@example.com');
  await ada.uses(button('Send again'));
  await ada.uses(dialog().getByRole('button', { name: 'Send again' }));
  await ada.hears('A new invitation is on its way to olga@example.com.');
  await gone(dialog());
  await ada.isAt(button('Send again'));

  const copy = button('Copy link of olga@example.com');
  await ada.uses(copy);
  await ada.isAt(button('Show the link'));
  await ada.presses('Enter');
  await ada.isAt(page.getByRole('textbox', { name: 'Link for olga@example.com' }));
  await ada.uses(button('Copy the link'));
  await ada.hears('Copied.');
  await ada.presses('Escape');
  await gone(dialog());
  await ada.isAt(copy);

  await ada.uses(button('Take back'));
  await ada.uses(dialog().getByRole('button', { name: 'Take the invitation back' }));
  await ada.hears('The invitation of olga@example.com was taken back.');
  await ada.arrivesAt('People');
  await ada.leaves();
});

/** Ada looks at the page of somebody new. */
async function opensMember(email: string, search = ''): Promise<void> {
  await office.world.join(email, { permissions: ['contacts:view'] });
  ada = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = ada);
  await ada.opens(office.at(`people/${email}${search}`), email);
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const tab = (name: string): Locator => page.getByRole('tab', { name });
const dialog = (): Locator => page.getByRole('dialog');
const matrix = (): Locator => page.getByRole('group', { name: 'Permissions', exact: true });
const box = (feature: string, permission: string): Locator =>
  page.getByRole('group', { name: feature, exact: true }).getByLabel(permission, { exact: true });
const gone = (what: Locator): Promise<void> => what.waitFor({ state: 'detached' });

async function permissionsOf(email: string) {
  return (await office.world.owner.get(`/organization/user/${email}/permissions`)).body;
}

async function listed(email: string) {
  return (await office.world.owner.get(`/organization/invited/users?search=${email}&limit=1`)).body.users[0];
}
