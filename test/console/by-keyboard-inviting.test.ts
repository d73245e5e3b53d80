import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KeyboardUser, withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice, type WindowOptions } from './open-console.ts';

const soon = { timeout: 15_000 };
let office: Office;
let user: KeyboardUser;
let page: Page;

beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
  await office.world.join('noor@example.com', { permissions: ['contacts:view', 'contacts:export'] });
});
afterAll(() => office?.close());

test('who is invited reads all of what they get, joins, and goes on to their team', async () => {
  await opensInvitation('mei@example.com');
  await user.uses(page.locator('summary'));
  await expect.poll(() => page.locator('details').evaluate((details) => details.hasAttribute('open')), soon).toBe(true);
  await user.uses(button('Join'));
  await user.arrivesAt('You’re in');
  await user.uses(page.getByRole('link', { name: 'Go to your team' }));
  await user.reads('Your access');
  await user.leaves();
});

test('who declines is asked, goes back by Escape and by the button, and declines', async () => {
  await opensInvitation('olga@example.com');
  await user.uses(button('Decline'));
  await user.isAt(page.getByText('Decline this invitation?'));
  await user.presses('Escape');
  await user.isAt(button('Decline'));
  await user.presses('Enter');
  await user.uses(button('No, go back'));
  await user.isAt(button('Decline'));
  await user.presses('Enter');
  await user.uses(button('Yes, decline'));
  await user.arrivesAt('Invitation declined');
  await user.leaves();
});

test('in a browser in which somebody else is signed in one goes back, or signs them out and joins', async () => {
  await opensInvitation('lucy@example.com', { as: 'ada@example.com' });
  await user.uses(button('Join'));
  await user.arrivesAt('This invitation is for another address');
  await user.uses(button('Back to the invitation'));
  await user.uses(button('Join'));
  await user.arrivesAt('This invitation is for another address');
  await user.uses(button('Sign out and continue'));
  await user.uses(button('Join'));
  await user.arrivesAt('You’re in');
  await user.leaves();
});

test('addresses are corrected and taken out again, permissions copied from a colleague, and nobody leaves by a slip', async () => {
  user = await withoutMouse(await office.window({ as: 'ada@example.com' }));
  ({ page } = user);
  await user.opens(office.at('people/invite'), 'Invite people');
  const field = page.getByLabel('E-mail addresses');
  await user.goesTo(field);
  await user.types('hiro,');
  await user.hears('1 address added. 1 of them cannot be used.');
  await user.uses(button('Correct hiro'));
  await user.isAt(field);
  await user.presses('End');
  await user.types('@example.com, grace@example.com,');
  await user.usesBefore(button('Remove grace@example.com'));
  await user.hears('grace@example.com removed.');
  await user.isAt(page.getByRole('heading', { name: 'Who', exact: true }));

  await user.goesTo(page.getByRole('combobox', { name: 'Language of the mail' }));
  await user.presses('Enter', 'ArrowDown', 'Enter');
  await user.uses(button('Send 1 invitation'));
  await user.hears('Choose at least one permission.');
  await user.goesTo(page.getByRole('combobox', { name: 'Start from another member’s permissions' }));
  await user.types('noor');
  await expect.poll(() => page.getByRole('option').allInnerTexts(), soon).toEqual(['noor@example.com']);
  await user.presses('ArrowDown', 'Enter');
  await user.hears('Copied from noor@example.com.');

  const people = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'People' });
  await user.usesBefore(people);
  await user.isAt(button('Stay'));
  await user.presses('Enter');
  await user.isAt(people);
  await user.uses(button('Send 1 invitation'));
  await user.isAt(page.getByRole('heading', { name: 'What became of it' }));
  await user.hears('1 person invited.');
  await user.leaves();
});

/** Somebody opens the link in the mail that invites them. */
async function opensInvitation(email: string, options: WindowOptions = {}): Promise<void> {
  const { world, mailbox } = office;
  const { body } = await world.owner.get('/organization/features');
  const features: { feature: string; permissions: { permission: string; in_plan: boolean }[] }[] = body.features;
  const privileges = features.flatMap(({ feature, permissions: [first] }) =>
    first?.in_plan && feature !== 'user_management' ? [{ feature, permissions: [first.permission] }] : [],
  );
  await world.owner.post('/organization/user/invitation/send', { email, all_features_access: false, privileges });
  user = await withoutMouse(await office.window(options));
  ({ page } = user);
  await user.opens(await mailbox.linkTo(email), /invites you to join Acme$/);
}

const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
