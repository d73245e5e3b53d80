import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice, type WindowOptions } from './open-console.ts';

const soon = { timeout: 15_000 };
let office: Office;
let user: KeyboardUser;
let page: Page;
let otherOrganizationId: string;

beforeAll(async () => {
  office = await openOffice();
  const { world } = office;
  await world.owner.put('/organization', { name: 'Acme' });
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Babbage Works',
    email: 'ada@example.com',
    plan: 'standard',
  });
  otherOrganizationId = made.body.id;
  const token = await world.token('ada@example.com', otherOrganizationId);
  expect((await world.anonymous.post('/organization/user/invitation/accept', { token })).status).toBe(200);
});
afterAll(() => office?.close());

test('the organization gets a name, a language and an address to go on to, slips are said, and its id is copied', async () => {
  await sitsDown({ as: 'ada@example.com' });
  await user.opens(office.at('organization'), 'Organization');
  const name = page.getByLabel('Name');
  await user.fills(name, '');
  await user.uses(button('Save'));
  await page.getByText('Give it a name.').waitFor();
  await user.isAt(name);
  await user.uses(button('Discard'));
  await user.isAt(page.getByRole('heading', { name: 'Profile' }));

  await user.fills(page.getByLabel('Where people go after joining'), 'http://evil.example/');
  await user.presses('Enter');
  await user.hears('Use an address that begins with https://');
  await user.fills(name, 'Analytical Engines', 'Shift+Tab');
  await user.goesTo(page.getByLabel('Language of invitations'));
  await user.presses('End');
  await user.fills(page.getByLabel('Where people go after joining'), 'https://app.example.com/');
  await user.uses(button('Save'));
  await user.hears('The organization was changed.');
  await expect
    .poll(async () => (await office.world.owner.get('/account')).body, soon)
    .toMatchObject({
      companyName: 'Analytical Engines',
      locale: 'fr',
      redirect_url: 'https://app.example.com/',
    });
  await page.getByText(/seats? taken/).waitFor();
  await user.uses(page.getByRole('region', { name: 'Id' }).getByRole('button'));
  await user.hears('Copied.');
  await office.world.owner.put('/organization', { name: 'Acme', locale: 'en' });
  await user.leaves();
});

test('somebody in two organizations goes from the one to the other', async () => {
  await sitsDown({ as: 'ada@example.com' });
  await user.opens(office.at('people'), 'People');
  await user.chooses(button('Organization: Acme. Change'), 'Babbage Works');
  await page.waitForURL(office.at('people', otherOrganizationId));
  await user.arrivesAt('People');
  await user.leaves();
});

test('on a phone’s width the menu opens, closes, and leads to every page and out', async () => {
  await sitsDown({ as: 'ada@example.com', viewport: { width: 390, height: 844 } });
  await user.opens(office.at('people'), 'People');
  const burger = button('Open the menu');
  await user.uses(burger);
  await user.goesTo(page.getByRole('dialog').getByRole('link', { name: 'Activity' }));
  await user.presses('Escape');
  await gone(page.getByRole('dialog'));
  await user.isAt(burger);
  for (const name of ['Activity', 'Outbox', 'API keys', 'Organization', 'Your access', 'People']) {
    await user.uses(burger);
    await user.uses(page.getByRole('dialog').getByRole('link', { name }));
    await user.arrivesAt(name);
    await gone(page.getByRole('dialog'));
  }
  await user.uses(burger);
  await user.chooses(page.getByRole('dialog').getByRole('button', { name: 'Organization: Acme. Change' }), 'Babbage');
  await page.waitForURL(office.at('people', otherOrganizationId));
  await user.arrivesAt('People');
  await user.uses(burger);
  await user.chooses(page.getByRole('dialog').getByRole('button', { name: 'You: ada@example.com' }), 'Sign out');
  await user.arrivesAt('Sign in');
  expect(await page.context().cookies()).toEqual([]);
  await user.leaves();
});

test('an owner steps down, and leaves for the other organization', async () => {
  await office.world.join('grace@example.com', { owner: true });
  await office.world.join('grace@example.com', { permissions: ['contacts:view'] }, otherOrganizationId);
  await sitsDown({ as: 'grace@example.com' });
  await user.opens(office.at('own-access'), 'Your access');
  await user.uses(button('Give up ownership'));
  await user.isAt(button('Cancel'));
  await user.uses(page.getByRole('dialog').getByRole('button', { name: 'Give up ownership' }));
  await user.hears('You are not an owner any more.');
  await gone(button('Give up ownership'));
  await user.isAt(page.getByRole('heading', { level: 1 }));

  await user.uses(button('Leave Acme'));
  await user.isAt(button('Cancel'));
  await user.presses('Enter');
  await gone(page.getByRole('dialog'));
  await user.isAt(button('Leave Acme'));
  await user.presses('Enter');
  await user.uses(page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }));
  await user.hears('You have left Acme.');
  await user.arrivesAt('Sign in');
  await user.leaves();
});

test('the last owner is told what to do first, and is still where they were', async () => {
  await sitsDown({ as: 'ada@example.com' });
  await user.opens(office.at('own-access'), 'Your access');
  await user.uses(button('Leave Acme'));
  const leave = page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true });
  await user.uses(leave);
  await user.hears('You are the last owner.');
  await user.isAt(leave);
  await user.presses('Escape');
  await user.isAt(button('Leave Acme'));
  await user.leaves();
});

test('who administers nothing reads what they may do, and from a page that is not theirs gets back to it', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  await sitsDown({ as: 'noor@example.com' });
  for (const name of ['people', 'activity', 'outbox', 'keys']) {
    await user.opens(office.at(name), /./);
    await user.uses(page.getByRole('main').getByRole('link', { name: 'Your access' }));
    await user.arrivesAt('Your access');
  }
  await user.opens(office.at('nothing-here'), 'There is no such page');
  await user.uses(page.getByRole('link', { name: 'To the start' }));
  await user.arrivesAt('Your access');
  await user.leaves();
});

async function sitsDown(options: WindowOptions): Promise<void> {
  user = await withoutMouse(await office.window(options));
  ({ page } = user);
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const gone = (what: Locator): Promise<void> => what.waitFor({ state: 'detached' });
