import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { plugIn } from './authenticator.ts';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice, type WindowOptions } from './open-console.ts';

const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1';
const soon = { timeout: 15_000 };
let office: Office;
let user: KeyboardUser;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test('a sign-in link is asked for, in the language one reads, after a slip', async () => {
  await sitsDown();
  await user.opens(`${office.origin}/console/sign-in`, 'Sign in');
  await user.uses(button('Français'));
  await user.uses(button('English'));
  const field = page.getByLabel('Your e-mail address');
  await user.uses(button('Mail me a link'));
  await user.isAt(field);
  await user.types('mei@example');
  await user.presses('Enter');
  await user.hears('This is no e-mail address.');
  await user.isAt(field);
  await user.presses('End');
  await user.types('.com');
  await user.presses('Enter');
  await user.arrivesAt('Look into your mailbox');
  await user.uses(button('Ask again'));
  await user.arrivesAt('Sign in');
  await user.leaves();
});

test('who opens a link that is not theirs turns it down, and who opens one that was used asks for another', async () => {
  const link = await makeOperatorLink(office.world.server.services, 'ada@example.com');
  await sitsDown();
  await user.opens(link, 'Sign in as ada@example.com');
  await user.uses(button('That is not me'));
  await user.arrivesAt('Sign in');
  await user.opens(link, 'Sign in as ada@example.com');
  await user.uses(button('Sign in'));
  await user.arrivesAt('People');
  await page.context().clearCookies();
  await user.opens(link, 'This link was used already');
  await user.uses(button('Ask again'));
  await user.arrivesAt('Sign in');
  await user.leaves();
});

test('a passkey is named, added, signs in, and is removed', async () => {
  await sitsDown({ as: 'ada@example.com' });
  const authenticator = await plugIn(page);
  await user.opens(`${office.origin}/console/account`, 'Sign-in and passkeys');
  await authenticator.isAttended(true);
  await user.uses(button('Add a passkey'));
  const name = page.getByRole('dialog').getByLabel('Name');
  await user.isAt(name);
  await user.fills(name, '');
  await user.presses('Enter');
  await page.getByText('Give it a name').waitFor();
  await user.isAt(name);
  await user.types('Work laptop');
  await user.presses('Enter');
  await user.hears('The passkey was added.');
  await user.isAt(button('Add a passkey'));
  await user.presses('Enter');
  await user.isAt(name);
  await user.presses('Enter');
  await user.hears('This device has a passkey for you already.');
  await user.presses('Escape');
  await user.isAt(button('Add a passkey'));

  await authenticator.isAttended(false);
  await user.chooses(page.getByRole('button', { name: 'You: ada@example.com' }), 'Sign out');
  await user.arrivesAt('Sign in');
  await authenticator.isAttendedFrom(button('Sign in with a passkey'));
  await user.uses(button('Sign in with a passkey'));
  await user.arrivesAt('People');

  await user.chooses(page.getByRole('button', { name: 'You: ada@example.com' }), 'Sign-in and passkeys');
  await user.arrivesAt('Sign-in and passkeys');
  await user.uses(button('Remove the passkey: Work laptop'));
  await user.isAt(button('Cancel'));
  await user.uses(button('Remove the passkey'));
  await user.hears('The passkey was removed.');
  await page.getByText('No passkeys yet').waitFor();
  await user.isAt(page.getByRole('heading', { name: 'Passkeys', exact: true }));
  await user.leaves();
});

test('whose sign-in is too long ago for a passkey signs in again', async () => {
  await sitsDown({ as: 'ada@example.com' });
  const authenticator = await plugIn(page);
  await user.opens(`${office.origin}/console/account`, 'Sign-in and passkeys');
  await office.world.database.sql(`update session set created_at = created_at - interval '61 minutes'`);
  await authenticator.isAttended(true);
  await user.uses(button('Add a passkey'));
  await user.isAt(page.getByRole('dialog').getByLabel('Name'));
  await user.presses('Enter');
  await user.hears('your sign-in must be less than an hour old');
  await authenticator.isAttended(false);
  await user.uses(button('Sign in again'));
  await user.arrivesAt('Sign in');
  await user.leaves();
});

test('sessions elsewhere are ended one after the other', async () => {
  for (let phones = 0; phones < 2; phones++) {
    const elsewhere = await office.window({ userAgent: iPhone });
    await elsewhere.page.goto(await makeOperatorLink(office.world.server.services, 'ada@example.com'));
    await elsewhere.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await elsewhere.reads('People');
    await elsewhere.context.close();
  }
  await sitsDown({ as: 'ada@example.com' });
  await user.opens(`${office.origin}/console/account`, 'Sign-in and passkeys');
  const end = button('End the session: Safari on iPhone');
  for (const left of [1, 0]) {
    await user.goesTo(end.first());
    await user.presses('Enter');
    await user.isAt(button('Cancel'));
    await user.uses(button('End the session'));
    await user.hears('The session has ended.');
    await expect.poll(() => end.count(), soon).toBe(left);
    await user.isAt(page.getByRole('heading', { name: 'Where you are signed in' }));
  }
  await user.leaves();
});

test('language and appearance are chosen, in the menu and among the preferences', async () => {
  await sitsDown({ as: 'ada@example.com' });
  const scheme = () => page.locator('html').getAttribute('data-mantine-color-scheme');
  await user.opens(`${office.origin}/console/account`, 'Sign-in and passkeys');
  const menu = page.getByRole('button', { name: /: ada@example.com$/ });
  await user.chooses(menu, 'Dark');
  await expect.poll(scheme, soon).toBe('dark');
  await user.presses('Escape');
  await user.isAt(menu);
  await user.chooses(menu, 'Français');
  await page.getByRole('heading', { level: 1, name: /^Connexion/ }).waitFor();
  await user.presses('Escape');
  await user.isAt(menu);

  await user.goesTo(page.getByLabel('Langue'));
  await user.presses('Home');
  await page.getByRole('heading', { level: 1, name: 'Sign-in and passkeys' }).waitFor();
  await user.isAt(page.getByLabel('Language'));
  await user.goesTo(page.getByLabel('Appearance'));
  await user.presses('Home');
  await expect.poll(scheme, soon).toBe('light');
  await user.isAt(page.getByLabel('Appearance'));
  await user.leaves();
});

async function sitsDown(options: WindowOptions = {}): Promise<void> {
  user = await withoutMouse(await office.window(options));
  ({ page } = user);
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
