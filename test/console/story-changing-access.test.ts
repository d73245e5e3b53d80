import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

/** Longer than this no answer is out of date (docs/consistency.md): the lease of a server, as it is set by itself. */
const bound = 1_000;

test('what is ticked in the console is what a check answers, and what is unticked is not', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('people'));
  await ada.page.getByRole('link', { name: 'mei@example.com' }).click();
  await ada.reads('mei@example.com');
  expect(await mayExport('mei@example.com')).toBe(false);

  const changes = ada.page.getByRole('region', { name: 'Not saved yet' });
  await contacts(ada).getByLabel('Export').check();
  await changes.getByText('Gains').waitFor();
  await changes.getByText('Contacts: Export').waitFor();
  expect(await mayExport('mei@example.com'), 'before it is saved').toBe(false);
  await saves(ada);
  await expect.poll(() => mayExport('mei@example.com'), { timeout: bound }).toBe(true);

  await contacts(ada).getByLabel('Export').uncheck();
  await changes.getByText('Loses').waitFor();
  await saves(ada);
  await expect.poll(() => mayExport('mei@example.com'), { timeout: bound }).toBe(false);
  await ada.page.reload();
  await ada.reads('mei@example.com');
  expect(await chosen(ada)).toEqual(['View']);

  await ada.page.getByRole('tab', { name: 'History' }).click();
  await expect.poll(() => ada.page.getByRole('tabpanel', { name: 'History' }).innerText()).toContain('ada@example.com');
  await ada.leaves();
});

test('what was chosen and not saved is not lost by a slip, and leads nowhere when it is given up', async () => {
  await office.world.join('tomas@example.com', { permissions: ['contacts:view'] });
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('people/tomas%40example.com'));
  await contacts(ada).getByLabel('Import').check();
  await ada.page.getByRole('link', { name: 'All people' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Leave without saving?' });
  await dialog.getByRole('button', { name: 'Stay' }).click();
  expect(await chosen(ada)).toEqual(['View', 'Import']);
  await ada.page.getByRole('link', { name: 'All people' }).click();
  await dialog.getByRole('button', { name: 'Leave' }).click();
  await ada.reads('People');
  expect(await held('tomas@example.com')).toEqual(['contacts:view']);
  await ada.leaves();
});

test('of two who change the same member the second is shown both changes, and may keep the other’s', async () => {
  const [ada, olga] = await twoAtTheDoorOf('grace@example.com');
  await contacts(ada).getByLabel('Export').check();
  await contacts(olga).getByLabel('Import').check();
  await saves(ada);
  await olga.page.getByRole('button', { name: 'Save changes' }).click();
  const conflict = olga.page
    .getByRole('alert')
    .filter({ hasText: 'Somebody else changed these permissions meanwhile' });
  await conflict.getByText('Contacts: Export').waitFor();
  expect(await conflict.getByText('Contacts: Import').count()).toBe(2);
  expect(await held('grace@example.com'), 'until somebody has chosen').toEqual(['contacts:export', 'contacts:view']);

  await conflict.getByRole('button', { name: 'Keep theirs' }).click();
  await conflict.waitFor({ state: 'hidden' });
  expect(await chosen(olga)).toEqual(['View', 'Export']);
  expect(await held('grace@example.com')).toEqual(['contacts:export', 'contacts:view']);
  await ada.leaves();
  await olga.leaves();
});

test('or puts theirs on top, and loses nothing of the other’s', async () => {
  const [ada, olga] = await twoAtTheDoorOf('hedy@example.com');
  await contacts(ada).getByLabel('Export').check();
  await contacts(olga).getByLabel('Import').check();
  await contacts(olga).getByLabel('View').uncheck();
  await saves(ada);
  await olga.page.getByRole('button', { name: 'Save changes' }).click();
  await olga.page.getByRole('button', { name: 'Save mine on top' }).click();
  await olga.page.getByText('The permissions of hedy@example.com were saved.').waitFor();
  await expect.poll(() => held('hedy@example.com')).toEqual(['contacts:export', 'contacts:import']);
  await ada.leaves();
  await olga.leaves();
});

test('what somebody else does to the one who is looked at shows by itself when one comes back to the window', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('people/noor%40example.com'));
  await contacts(ada).getByLabel('View').waitFor();
  await office.world.owner.post('/organization/user/update/permissions', {
    email: 'noor@example.com',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view', 'forms'] }],
  });
  // What was read is believed for five seconds.
  await ada.page.waitForTimeout(5_000);
  await ada.page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await expect.poll(() => chosen(ada)).toEqual(['View', 'Contact forms']);
  await ada.leaves();
});

test('who was removed meanwhile cannot be saved, and the page says that they are gone', async () => {
  const [ada, olga] = await twoAtTheDoorOf('priya@example.com');
  await contacts(olga).getByLabel('Export').check();
  await ada.page.getByRole('tab', { name: 'Access' }).click();
  await ada.page.getByRole('button', { name: 'Remove' }).first().click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await ada.page.getByText('priya@example.com was removed.').waitFor();
  await olga.page.getByRole('button', { name: 'Save changes' }).click();
  await olga.page.getByText('Nobody here has this address').waitFor();
  await ada.leaves();
  await olga.leaves();
});

test('an owner is protected from everybody else, and the page says so instead of offering it', async () => {
  await office.world.join('lucy@example.com', { permissions: ['user_management:all', 'contacts:view'] });
  const lucy = await office.window({ as: 'lucy@example.com' });
  await lucy.page.goto(office.at('people/ada%40example.com'));
  await lucy.page.getByText('Owners are protected').waitFor();
  expect(await contacts(lucy).getByRole('checkbox', { disabled: false }).count()).toBe(0);

  // What Lucy has not, Lucy cannot give.
  await office.world.join('elena@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  await lucy.page.goto(office.at('people/elena%40example.com'));
  await lucy.page.getByText('Only to look at').waitFor();
  await lucy.leaves();
});

/** Two administrators who have opened the same member, who may see contacts. */
async function twoAtTheDoorOf(email: string): Promise<[Visitor, Visitor]> {
  const { world } = office;
  await world.join(email, { permissions: ['contacts:view'] });
  await world.join(`olga.and.${email}`, { all: true });
  const ada = await office.window({ as: 'ada@example.com' });
  const olga = await office.window({ as: `olga.and.${email}` });
  for (const { page } of [ada, olga]) await page.goto(office.at(`people/${encodeURIComponent(email)}`));
  for (const visitor of [ada, olga]) await contacts(visitor).getByLabel('View').waitFor();
  return [ada, olga];
}

const contacts = ({ page }: Visitor) => page.getByRole('group', { name: 'Contacts', exact: true });

async function saves({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('region', { name: 'Not saved yet' }).waitFor({ state: 'hidden' });
}

const chosen = (visitor: Visitor): Promise<string[]> =>
  contacts(visitor)
    .getByRole('checkbox', { checked: true })
    .evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).labels?.[0]?.textContent ?? ''));

async function held(email: string): Promise<string[]> {
  const { body } = await office.world.owner.get(`/organization/user/${email}/permissions`);
  const privileges: { feature: string; permissions: string[] }[] = body.privileges;
  return privileges.flatMap(({ feature, permissions }) => permissions.map((one) => `${feature}:${one}`)).sort();
}

/** As a product asks it. */
async function mayExport(email: string): Promise<boolean> {
  const response = await fetch(`${office.origin}/access/v1/evaluation`, {
    method: 'POST',
    headers: { 'api-key': office.world.ownerKey, 'content-type': 'application/json' },
    body: JSON.stringify({
      subject: { type: 'user', id: email },
      action: { name: 'export' },
      resource: { type: 'feature', id: 'contacts' },
    }),
  });
  const { decision }: { decision: boolean } = await response.json();
  return decision;
}
