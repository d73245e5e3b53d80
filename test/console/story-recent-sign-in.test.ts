import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.invite('pia@example.com');
});
afterAll(() => office?.close());

/** Ada’s browser, which she left open for an hour. */
async function leftOpen(page: string): Promise<Visitor> {
  const ada = await office.window({ as: 'ada@example.com' });
  await office.world.database.sql(`update session set created_at = created_at - interval '61 minutes'`);
  await ada.page.goto(office.at(page));
  return ada;
}

/** Asks to sign in again, and comes back to where it was asked. */
async function confirmsThatItIsThem(ada: Visitor): Promise<void> {
  const asked = ada.address();
  const alert = ada.page.getByRole('alert');
  await alert.getByText('your sign-in must be less than an hour old').waitFor();
  await alert.getByRole('button', { name: 'Sign in again' }).click();
  await ada.reads('Sign in');
  expect(await ada.context.cookies()).toEqual([]);
  expect(`/console${new URL(ada.page.url()).searchParams.get('next')}`).toBe(asked);
  await ada.leaves();
}

test('a new secret for a key asks to sign in again, and comes back to the keys', async () => {
  const ada = await leftOpen('keys');
  await ada.page
    .getByRole('button', { name: /^Actions for the key/ })
    .first()
    .click();
  await ada.page.getByRole('menuitem', { name: 'New secret…' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Make a new secret' }).click();
  await confirmsThatItIsThem(ada);
});

test('the form for a new key asks to sign in again before anything is filled in', async () => {
  await confirmsThatItIsThem(await leftOpen('keys?create=true'));
});

test('an invitation’s link and ownership ask to sign in again', async () => {
  const looking = await leftOpen('people/pia%40example.com');
  await looking.page.getByRole('button', { name: 'Copy link of pia@example.com' }).click();
  await looking.page.getByRole('dialog').getByRole('button', { name: 'Show the link' }).click();
  await confirmsThatItIsThem(looking);

  const giving = await leftOpen('people/mei%40example.com?tab=access');
  await giving.page.getByRole('button', { name: 'Make an owner' }).click();
  const dialog = giving.page.getByRole('dialog');
  await dialog.getByRole('textbox').fill('mei@example.com');
  await dialog.getByRole('button', { name: 'Make an owner' }).click();
  await confirmsThatItIsThem(giving);
});
