import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

test('the last owner can neither leave nor step down, and is told what to do first', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('own-access'));
  for (const [action, confirm] of [
    ['Leave Acme', 'Leave'],
    ['Give up ownership', 'Give up ownership'],
  ] as const) {
    await ada.page.getByRole('button', { name: action }).click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByRole('button', { name: confirm, exact: true }).click();
    await dialog.getByRole('alert').getByText('You are the last owner. Make somebody else an owner first').waitFor();
    await ada.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }
  expect(await memberships()).toEqual(['ada@example.com owner']);
  await ada.leaves();
});

test('an owner steps down where there is another, and from then on has what they were given besides', async () => {
  await office.world.join('olga@example.com', { permissions: ['contacts:view'], owner: true });
  const olga = await office.window({ as: 'olga@example.com' });
  await olga.page.goto(office.at('own-access'));
  await olga.page.getByText('You are an owner: you hold everything, now and later.').waitFor();
  await olga.page.getByRole('button', { name: 'Give up ownership' }).click();
  await olga.page.getByRole('dialog').getByText('You will no longer be an owner of Acme.').waitFor();
  await olga.page.getByRole('dialog').getByRole('button', { name: 'Give up ownership' }).click();
  await olga.page.getByText('You are not an owner any more.').waitFor();
  await olga.page.getByText('You are an owner').waitFor({ state: 'hidden' });
  await olga.page.getByText(/^Contacts: /).waitFor();
  const links = olga.page.getByRole('navigation', { name: 'Main' }).getByRole('link');
  await expect.poll(() => links.allInnerTexts()).toEqual(['Your access']);
  expect(await memberships()).toEqual(['ada@example.com owner', 'olga@example.com member']);
  await olga.leaves();
});

test('who leaves their only organization is told so and signed out, and the way back is an invitation', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  const noor = await office.window({ as: 'noor@example.com' });
  await noor.page.goto(office.at('own-access'));
  await leave(noor);
  await noor.page.getByText('You have left Acme.').waitFor();
  await noor.reads('Sign in');
  expect(noor.address()).toBe('/console/sign-in');
  expect(await noor.page.getByText('Your session has ended').count()).toBe(0);
  expect(await memberships()).not.toContain('noor@example.com member');
  await noor.leaves();
});

test('who leaves one of several organizations goes on in the other', async () => {
  const { world, mailbox } = office;
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Babbage Works',
    email: 'hedy@example.com',
    plan: 'standard',
  });
  const hedy = await office.window();
  for (const [count, invite] of [
    [1, async () => made],
    [2, () => world.invite('hedy@example.com')],
  ] as const) {
    await invite();
    await hedy.page.goto(await mailbox.linkTo('hedy@example.com', count));
    await hedy.page.getByRole('button', { name: 'Join', exact: true }).click();
    await hedy.page.getByRole('link', { name: 'Go to your team' }).waitFor();
  }
  await hedy.page.goto(office.at('own-access'));
  await leave(hedy);
  await hedy.page.getByText('You have left Acme.').waitFor();
  await hedy.reads('People');
  expect(hedy.page.url()).toBe(office.at('people', made.body.id));
  expect(await hedy.page.getByRole('button', { name: /^Organization: / }).count(), 'nothing to choose').toBe(0);
  await hedy.leaves();
});

test('going back on second thoughts changes nothing, by Escape as by the button', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  const mei = await office.window({ as: 'mei@example.com' });
  await mei.page.goto(office.at('own-access'));
  const button = mei.page.getByRole('button', { name: 'Leave Acme' });
  await button.click();
  await mei.page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await mei.page.getByRole('dialog').waitFor({ state: 'hidden' });
  await button.click();
  await mei.page.getByRole('dialog').waitFor();
  await mei.page.keyboard.press('Escape');
  await mei.page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expect.poll(() => button.evaluate((one) => one === document.activeElement)).toBe(true);
  expect(await memberships()).toContain('mei@example.com member');
  await mei.leaves();
});

async function leave({ page }: Visitor): Promise<void> {
  await page.getByRole('button', { name: 'Leave Acme' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
}

async function memberships(): Promise<string[]> {
  const { body } = await office.world.owner.get('/organization/invited/users');
  const users: { email: string; is_owner: boolean }[] = body.users;
  return users.map(({ email, is_owner }) => `${email} ${is_owner ? 'owner' : 'member'}`).sort();
}
