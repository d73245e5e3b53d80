import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test('a key is shown once, works, gets a new secret, and ends with its deletion', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('keys'));
  await create(ada, 'Onboarding', ['Contacts', 'View']);
  const first = await takesSecret(ada, 'Onboarding');
  expect(await whoIs(first)).toEqual({ status: 200, name: 'Onboarding' });
  await ada.page.getByRole('listitem').filter({ hasText: 'Onboarding' }).getByText(first.slice(-4)).waitFor();
  expect(await ada.page.content(), 'nowhere on the page any more').not.toContain(first);
  await ada.page.reload();
  await ada.page.getByText('Onboarding').waitFor();
  expect(await ada.page.content()).not.toContain(first);

  await chooses(ada, 'Onboarding', 'New secret…');
  const dialog = ada.page.getByRole('dialog', { name: 'Give this key a new secret?' });
  await dialog.getByLabel('hour').check();
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  await ada.page.getByText(/^The old secret works until/).waitFor();
  const second = await takesSecret(ada, 'Onboarding');
  expect(second).not.toBe(first);
  expect([await whoIs(first), await whoIs(second)].map(({ status }) => status)).toEqual([200, 200]);

  await chooses(ada, 'Onboarding', 'New secret…');
  await dialog.getByLabel('not at all: it ends at once').check();
  await dialog.getByRole('button', { name: 'Make a new secret' }).click();
  const third = await takesSecret(ada, 'Onboarding');
  expect([await whoIs(second), await whoIs(third)].map(({ status }) => status)).toEqual([401, 200]);

  await chooses(ada, 'Onboarding', 'Delete…');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Delete the key' }).click();
  await ada.page.getByText('“Onboarding” was deleted.').waitFor();
  expect((await whoIs(third)).status).toBe(401);
  expect(office.world.logged()).not.toMatch(new RegExp([first, second, third].join('|')));
  await ada.leaves();
});

test('nobody puts into a key what they do not hold, and the form says so', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view', 'smtp_api:api_keys'] });
  const noor = await office.window({ as: 'noor@example.com' });
  await noor.page.goto(office.at('keys'));
  await noor.page.getByRole('link', { name: 'Create a key' }).or(button(noor, 'Create a key')).first().click();
  await noor.page.getByText('It will belong to you and never do more than you may').waitFor();
  const contacts = noor.page.getByRole('group', { name: 'Contacts', exact: true });
  expect(await contacts.getByLabel('View').isEnabled()).toBe(true);
  expect(await contacts.getByLabel('Export').isEnabled()).toBe(false);
  expect(await noor.page.getByLabel('Everything, now and later').isEnabled()).toBe(false);
  await noor.page.getByText('You do not have this yourself, so you cannot give it').first().waitFor();
  await noor.leaves();
});

test('a key that works only from certain addresses says which line is none', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('keys'));
  await ada.page.getByRole('link', { name: 'Create a key' }).or(button(ada, 'Create a key')).first().click();
  await ada.page.getByLabel('Name').fill('From the office');
  await ada.page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('View').check();
  const addresses = ada.page.getByLabel('Only from these addresses');
  await addresses.fill('203.0.113.7\nnonsense');
  await button(ada, 'Create the key').click();
  await ada.page.getByText('Line 2: “nonsense” is no address or range.').first().waitFor();
  await expect.poll(() => addresses.evaluate((field) => field === document.activeElement)).toBe(true);
  await addresses.fill('203.0.113.7');
  await button(ada, 'Create the key').click();
  const key = await takesSecret(ada, 'From the office');
  await ada.page.getByText('Only from 203.0.113.7').waitFor();
  expect((await whoIs(key)).status, 'from here').toBe(401);
  await ada.leaves();
});

const button = ({ page }: Visitor, name: string) => page.getByRole('button', { name, exact: true });

async function create(visitor: Visitor, name: string, [feature = '', permission = '']: string[]): Promise<void> {
  const { page } = visitor;
  await page.getByRole('link', { name: 'Create a key' }).or(button(visitor, 'Create a key')).first().click();
  await visitor.reads('Create a key');
  await page.getByLabel('Name').fill(name);
  await page.getByRole('group', { name: feature, exact: true }).getByLabel(permission).check();
  await button(visitor, 'Create the key').click();
}

/** Reads the secret where it is shown, which it is this once. */
async function takesSecret(visitor: Visitor, name: string): Promise<string> {
  const field = visitor.page.getByLabel(`Secret of “${name}”`);
  await field.waitFor();
  expect(visitor.page.url()).toBe(office.at('keys'));
  const secret = await field.inputValue();
  expect(secret).toMatch(/^[\w-]{30,}$/);
  await visitor.page.keyboard.press('Escape');
  expect(await field.isVisible(), 'a slip does not close it').toBe(true);
  await button(visitor, 'I have kept it').click();
  await field.waitFor({ state: 'hidden' });
  return secret;
}

async function chooses({ page }: Visitor, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for the key ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** Whose key this is, as the API says. */
async function whoIs(key: string): Promise<{ status: number; name?: string }> {
  const { status, body } = await office.world.as(key).get('/organization/me');
  return { status, ...(status === 200 && { name: body.name }) };
}
