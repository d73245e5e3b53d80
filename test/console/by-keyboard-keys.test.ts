import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice } from './open-console.ts';

let office: Office;
let ada: KeyboardUser;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
});
afterAll(() => office?.close());

test('a key with an end and addresses is made, after every slip there is, and its secret copied', async () => {
  await opensKeys();
  await ada.uses(page.getByRole('link', { name: 'Create a key' }));
  await ada.arrivesAt('Create a key');
  await ada.uses(button('Create the key'));
  await ada.hears('Give the key a name');
  await ada.isAt(page.getByLabel('Name'));
  await ada.types('Typed');
  await ada.presses('Enter');
  await ada.hears('Choose at least one permission, or everything.');
  await ada.isAt(page.getByText('Choose at least one permission, or everything.').and(page.locator('[tabindex]')));
  await ada.uses(page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('View'), 'Space');

  await ada.goesTo(page.getByLabel('Expires'));
  await ada.types('On a day');
  await ada.uses(button('Create the key'));
  await ada.hears('Choose a day that is not over yet.');
  await ada.isAt(page.getByLabel('Last day'));
  await ada.types('01012099');
  const addresses = page.getByLabel('Only from these addresses');
  await ada.fills(addresses, '203.0.113.7\nnonsense');
  await ada.uses(button('Create the key'));
  await ada.hears('Line 2: “nonsense” is no address or range.');
  await ada.isAt(addresses);
  await ada.fills(addresses, '203.0.113.7');
  await ada.uses(button('Create the key'));

  await ada.isAt(page.getByLabel('Secret of “Typed”'));
  await ada.uses(button('Copy the secret'));
  await ada.hears('Copied.');
  await ada.uses(button('I have kept it'));
  await ada.isAt(actionsOf('Typed'));
  await page.getByText('Only from 203.0.113.7').waitFor();
  await ada.leaves();
});

test('a key of somebody else’s is taken over, after second thoughts', async () => {
  await opensKeys();
  const name = 'mei@example.com’s key';
  await ada.chooses(actionsOf(name), 'Take it over…');
  await ada.presses('Escape');
  await gone(page.getByRole('dialog'));
  await ada.isAt(actionsOf(name));
  await ada.chooses(actionsOf(name), 'Take it over…');
  await ada.uses(button('Take it over'));
  await ada.hears(`“${name}” belongs to you now.`);
  await gone(page.getByRole('dialog'));
  await ada.isAt(actionsOf(name));
  await ada.leaves();
});

test('among many keys one is found, opened to see what it may do, and turned away from', async () => {
  for (let n = 1; n <= 6; n++)
    await office.world.owner.post('/organization/api-keys', {
      name: `Program ${n}`,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
    });
  await opensKeys();
  await ada.fills(page.getByRole('searchbox'), 'nonsense');
  await ada.hears('No key has these words');
  await ada.fills(page.getByRole('searchbox'), 'Program 4');
  await ada.hears('1 key found.');
  const may = button('May: Contacts');
  await ada.uses(may);
  await page.getByText('View, Export').or(page.getByText('View and Export')).first().waitFor();
  await ada.isAt(may);
  await ada.presses('Space');
  expect(await may.getAttribute('aria-expanded')).toBe('false');

  await ada.usesBefore(page.getByRole('link', { name: 'Create a key' }));
  await ada.arrivesAt('Create a key');
  await ada.uses(page.getByRole('link', { name: 'All keys' }));
  await ada.arrivesAt('API keys');
  await ada.leaves();
});

async function opensKeys(): Promise<void> {
  ada = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = ada);
  await ada.opens(office.at('keys'), 'API keys');
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const actionsOf = (key: string): Locator => button(`Actions for the key ${key}`);
const gone = (what: Locator): Promise<void> => what.waitFor({ state: 'detached' });
