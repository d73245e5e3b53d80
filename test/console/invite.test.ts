import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import { type Office, openOffice, type Visitor, type WindowOptions } from './open-console.ts';

const manages = 'user_management:all';
let office: Office;
let visitor: Visitor;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());
beforeEach(async () => {
  await office.world.database.sql(
    `update member set status = 'removed', removed_at = now(), removed_as = 'revoked' where not is_owner and status <> 'removed'`,
  );
});

test('addresses become tags as they are typed; doubles are merged, and what is none says why and can be corrected', async () => {
  await opens();
  await field().pressSequentially('mei');
  // Nobody is corrected while typing.
  await visitor.page.waitForTimeout(700);
  expect(await text('There is no @ in it.').count()).toBe(0);
  await field().fill('');
  await field().pressSequentially('mei@example.com, Noor Khan <noor@example.com>; mei@example.com ');
  await field().pressSequentially('lucy,');
  expect(await tags()).toEqual(['mei@example.com', 'noor@example.com', 'lucy']);
  await text('There is no @ in it.').waitFor();
  await visitor.page.getByRole('button', { name: 'Correct lucy' }).click();
  expect(await field().inputValue()).toBe('lucy');
  await field().press('End');
  await field().pressSequentially('@example.com');
  await field().press('Enter');
  expect(await tags()).toEqual(['mei@example.com', 'noor@example.com', 'lucy@example.com']);
  await visitor.page.getByRole('button', { name: 'Remove noor@example.com' }).click();
  await field().press('Backspace');
  expect(await tags()).toEqual(['mei@example.com']);
  await text('There is no @ in it.').waitFor({ state: 'detached' });
  await field().fill('pat@example.com');
  await send('Send 2 invitations').waitFor();
  await visitor.context.close();
});

test('without an address or a permission nothing is sent, and it says what is missing', async () => {
  await opens();
  await send('Send invitations').click();
  await text('Enter the address of at least one person.').waitFor();
  expect(await field().evaluate((element) => element === document.activeElement)).toBe(true);
  await field().fill('mei@example.com');
  await send('Send 1 invitation').click();
  await visitor.page.getByRole('alert').getByText('Choose at least one permission.').waitFor();
  await box('Contacts', 'View').check();
  await text('Choose at least one permission.').waitFor({ state: 'detached' });
  await visitor.context.close();
});

test('before anything is sent it says who is a member already and who is invited, and leads to them', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.invite('noor@example.com', { permissions: ['contacts:export'] });
  await office.world.invite('lucy@example.com', { permissions: ['contacts:view'] });
  await opens();
  await box('Contacts', 'View').check();
  await field().fill('mei@example.com, noor@example.com, lucy@example.com');
  await text('Is a member already. Change their permissions on their page.').waitFor();
  await text('Is invited already, with other permissions or in another language.').waitFor();
  await text('Invited already, with exactly these permissions: no second mail goes out.').waitFor();
  await visitor.page.getByRole('link', { name: 'See what they may do' }).first().click();
  // The addresses would be lost.
  await visitor.page.getByRole('dialog', { name: 'Leave without inviting?' }).waitFor();
  await visitor.page.getByRole('button', { name: 'Stay' }).click();
  expect(await tags()).toEqual(['mei@example.com', 'noor@example.com', 'lucy@example.com']);
  await visitor.page.getByRole('link', { name: 'See what they may do' }).first().click();
  await visitor.page.getByRole('button', { name: 'Leave', exact: true }).click();
  await visitor.reads('mei@example.com');
  await visitor.leaves();
});

test('what the reader does not hold is there, cannot be given, and says why', async () => {
  await office.world.join('mei@example.com', { permissions: [manages, 'contacts:view'] });
  await opens({ as: 'mei@example.com' });
  const everything = visitor.page.getByRole('switch', { name: 'Everything, now and later' });
  await expect.poll(() => everything.isDisabled()).toBe(true);
  await text('Only somebody who has everything can give everything').waitFor();
  await expect.poll(() => box('Contacts', 'Export').isDisabled()).toBe(true);
  expect(await box('Contacts', 'Export').getAttribute('aria-describedby')).not.toBeNull();
  await expect.poll(() => box('Templates', 'Activate / deactivate').isDisabled()).toBe(true);
  await text('You do not have this yourself, so you cannot give it').first().waitFor();
  // Everything in Contacts that can be given.
  await visitor.page.getByRole('checkbox', { name: 'Everything in Contacts' }).click();
  await expect.poll(() => box('Contacts', 'View').isChecked()).toBe(true);
  expect(await box('Contacts', 'Export').isChecked()).toBe(false);
  await visitor.leaves();
});

test('what the plan does not have is there, cannot be given, and says why', async () => {
  const { features, plans, ...rest } = builtInCatalogue;
  const { phone: _, ...others } = Object.fromEntries(Object.keys(features).map((name) => [name, 'all' as const]));
  const small = { label: 'Small', seats: null, features: { ...others, contacts: ['view', 'import'] } };
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-catalogue-'));
  const file = join(folder, 'catalogue.json');
  writeFileSync(file, JSON.stringify({ ...rest, features, plans: { ...plans, small }, default_plan: 'small' }));
  const other = await openOffice({ LATCHKEY_CATALOGUE: file });
  try {
    await other.world.join('mei@example.com', { permissions: ['phone:all', 'contacts:view', 'contacts:export'] });
    visitor = await other.window({ as: 'ada@example.com' });
    await visitor.page.goto(other.at('people/invite'));
    await visitor.reads('Invite people');
    await expect.poll(() => box('Phone', 'All').isDisabled()).toBe(true);
    await expect.poll(() => box('Contacts', 'Export').isDisabled()).toBe(true);
    await expect.poll(() => box('Contacts', 'Import').isEnabled()).toBe(true);
    await text('Not in your plan').first().waitFor();
    // What was given before the plan was this small can be kept and taken, and not be given again.
    await visitor.page.goto(other.at('people/mei@example.com'));
    await text('Given, but not in your plan').first().waitFor();
    await box('Contacts', 'Export').uncheck();
    await box('Contacts', 'Import').check();
    await visitor.page.getByRole('button', { name: 'Save changes' }).click();
    await visitor.page.getByRole('region', { name: 'Not saved yet' }).waitFor({ state: 'detached' });
    await expect.poll(() => box('Contacts', 'Export').isDisabled()).toBe(true);
    const { body } = await other.world.owner.get('/organization/user/mei@example.com/permissions');
    expect(body.privileges).toEqual([
      { feature: 'contacts', permissions: ['view', 'import'] },
      { feature: 'phone', permissions: ['all'] },
    ]);
    await visitor.leaves();
  } finally {
    await other.close();
    rmSync(folder, { recursive: true });
  }
});

test('permissions can start from another member’s; what the reader cannot give is left out and named', async () => {
  await office.world.join('lucy@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  await office.world.join('mei@example.com', { permissions: [manages, 'contacts:view'] });
  await opens({ as: 'mei@example.com' });
  await visitor.page.getByRole('combobox', { name: 'Start from another member’s permissions' }).fill('luc');
  await visitor.page.getByRole('option', { name: 'lucy@example.com' }).click();
  await text('Left out, because you cannot give it:').waitFor();
  await text('Contacts: Export').waitFor();
  await expect.poll(() => box('Contacts', 'View').isChecked()).toBe(true);
  await visitor.page.getByRole('complementary').getByText('Contacts: View').waitFor();
  await visitor.leaves();
});

test('everything is one switch, and the mail speaks the language that was chosen', async () => {
  await opens();
  await visitor.page.getByRole('switch', { name: 'Everything, now and later' }).check();
  await visitor.page.getByRole('complementary').getByText('Everything, now and later').waitFor();
  await visitor.page.getByRole('combobox', { name: 'Language of the mail' }).click();
  await visitor.page.getByRole('option', { name: 'French' }).click();
  await field().fill('noor@example.com');
  await send('Send 1 invitation').click();
  await visitor.page.getByRole('heading', { name: 'What became of it' }).waitFor();
  const mail = await office.mailbox.mailTo('noor@example.com');
  expect(JSON.stringify(mail)).toMatch(/invite/i);
  const { body } = await office.world.owner.get('/organization/user/noor@example.com/permissions');
  expect(body).toMatchObject({ all_features_access: true, status: 'pending' });
  const [member] = await office.world.database.sql<{ locale: string }>(
    `select locale from member where email = 'noor@example.com' and status = 'pending'`,
  );
  expect(member?.locale).toBe('fr');
  await visitor.leaves();
});

test('whoever invites into a plan that is nearly full is told', async () => {
  await office.world.database.sql(`update organization set seats = 2 where id = $1`, [office.world.organizationId]);
  await opens();
  await text('1 of 2 seats of the plan is taken.').waitFor();
  await text('Only 1 more person can join.').waitFor();
  await office.world.database.sql(`update organization set seats = null where id = $1`, [office.world.organizationId]);
  await visitor.leaves();
});

test('more people than one request takes are all invited', async () => {
  await opens();
  await box('Contacts', 'View').check();
  await field().fill(Array.from({ length: 120 }, (_, index) => `person${index}@example.com`).join(' '));
  await send('Send 120 invitations').click();
  await text('120 people invited.').waitFor();
  expect((await office.world.owner.get('/organization/users/count')).body.by_status.pending).toBe(120);
  await visitor.leaves();
});

test('without a mail server each invitation has a link to copy, after saying what that means', async () => {
  const quiet = await openOffice({ SMTP_URL: '' });
  try {
    visitor = await quiet.window({ as: 'ada@example.com', bypassCSP: true });
    await visitor.page.goto(quiet.at('people/invite'));
    await text('This server sends no mail').waitFor();
    await box('Contacts', 'View').check();
    await field().fill('mei@example.com');
    await send('Invite 1 person').click();
    await visitor.page.getByRole('button', { name: 'Copy link of mei@example.com' }).click();
    const dialog = visitor.page.getByRole('dialog', { name: 'Copy the invitation link' });
    await dialog.getByText('it proves nothing about their mailbox').waitFor();
    await dialog.getByRole('button', { name: 'Show the link' }).click();
    const link = await dialog.getByRole('textbox').inputValue();
    expect(link.startsWith(`${quiet.origin}/join#`)).toBe(true);
    const { body } = await quiet.world.owner.get('/organization/activities?action=invitation.link_revealed');
    expect(body.logs[0]).toMatchObject({ user_email: 'mei@example.com', actor: { name: 'ada@example.com' } });
    await expectAccessible(visitor.page);
    await visitor.leaves();
  } finally {
    await quiet.close();
  }
});

test('axe finds nothing, on a phone and on a desk, with mistakes and with results', { timeout: 180_000 }, async () => {
  await office.world.join('olga@example.com', { permissions: ['contacts:view'] });
  for (const viewport of [
    { width: 390, height: 844 },
    { width: 1440, height: 900 },
  ]) {
    await opens({ viewport, bypassCSP: true });
    await box('Contacts', 'View').check();
    await field().fill(`olga@example.com, nobody, pat${viewport.width}@example.com`);
    await field().press('Enter');
    await text('Is a member already.').waitFor();
    await expectAccessible(visitor.page);
    await send('Send 1 invitation').click();
    await visitor.page.getByRole('heading', { name: 'What became of it' }).waitFor();
    await expectAccessible(visitor.page);
    expect(
      await visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
    ).toBe(0);
    await visitor.context.close();
  }
});

test('the page speaks French', async () => {
  await opens({ locale: 'fr-FR' }, 'Inviter des personnes');
  await visitor.page.getByLabel('Adresses e-mail').fill('mei');
  await visitor.page.getByLabel('Adresses e-mail').press('Enter');
  await text('Il n’y a pas de @.').waitFor();
  await visitor.context.close();
});

async function opens(options: WindowOptions = {}, heading = 'Invite people'): Promise<void> {
  visitor = await office.window({ as: 'ada@example.com', ...options });
  await visitor.page.goto(office.at('people/invite'));
  await visitor.reads(heading);
}

const field = () => visitor.page.getByLabel('E-mail addresses');
const text = (words: string) => visitor.page.getByRole('main').getByText(words);
const send = (name: string) => visitor.page.getByRole('button', { name, exact: true });
const box = (feature: string, permission: string) =>
  visitor.page.getByRole('group', { name: feature, exact: true }).getByRole('checkbox', { name: permission });

/** The addresses entered so far, as they stand there. */
const tags = async (): Promise<string[]> => {
  const buttons = await visitor.page.getByRole('button', { name: /^Remove / }).all();
  const names = await Promise.all(buttons.map((button) => button.getAttribute('aria-label')));
  return names.map((name) => name?.slice('Remove '.length) ?? '');
};
