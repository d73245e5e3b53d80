import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { focusComesTo, tabTo } from './keyboard.ts';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 3 };

test('three are invited at once: one joins on a phone, one declines, one is too late, and the list says so', async () => {
  const ada = await office.window({ as: 'ada@example.com', permissions: ['clipboard-read', 'clipboard-write'] });
  await ada.page.goto(office.at('people'));
  await ada.page.getByRole('link', { name: 'Invite people' }).first().click();
  await ada.reads('Invite people');
  const addresses = ada.page.getByLabel('E-mail addresses');
  await pastes(ada, addresses, 'Mei Lin <Mei@Example.com>\nnoor@example.com; late@example.com');
  await ada.page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('View').check();
  await ada.page.getByRole('complementary').getByText('Contacts: View').waitFor();
  await ada.page.getByRole('button', { name: 'Send 3 invitations' }).click();
  await ada.page.getByRole('heading', { name: 'What became of it' }).waitFor();
  await ada.page.getByText('3 people invited.').first().waitFor();
  const [toMei, toNoor, toLate] = await Promise.all(
    ['mei@example.com', 'noor@example.com', 'late@example.com'].map((email) => office.mailbox.linkTo(email)),
  );
  await expect.poll(() => ada.page.getByText('The mail was sent').count(), { timeout: 15_000 }).toBe(3);

  const mei = await office.window(phone);
  await mei.page.goto(toMei ?? '');
  await mei.reads('ada@example.com invites you to join Acme');
  await mei.page.getByRole('button', { name: 'Join', exact: true }).tap();
  await mei.page.getByRole('link', { name: 'Go to your team' }).tap();
  await mei.reads('Your access');
  expect(mei.page.url()).toBe(office.at('own-access'));
  await mei.page.getByText('Contacts: View').waitFor();
  expect(await overflow(mei)).toBe(0);
  await mei.page.getByRole('button', { name: 'Open the menu' }).tap();
  await mei.page.getByRole('dialog').getByRole('link', { name: 'Your access' }).waitFor();
  await mei.leaves();

  const noor = await office.window();
  await noor.page.goto(toNoor ?? '');
  await noor.page.getByRole('button', { name: 'Decline' }).click();
  await noor.page.getByRole('button', { name: 'Yes, decline' }).click();
  await noor.reads('Invitation declined');
  expect(await noor.context.cookies()).toEqual([]);
  await noor.leaves();

  await office.world.database.sql(
    `update invitation i set expires_at = now() - interval '1 second' from member m where m.id = i.member_id and m.email = $1`,
    ['late@example.com'],
  );
  const late = await office.window();
  await late.page.goto(toLate ?? '');
  await late.reads('This invitation has expired');
  await late.leaves();

  await ada.page.getByRole('link', { name: 'To the people' }).click();
  await ada.reads('People');
  for (const [email, status] of [
    ['ada@example.com', 'Active'],
    ['mei@example.com', 'Active'],
    ['noor@example.com', 'Declined'],
    ['late@example.com', 'Expired'],
  ] as const)
    await ada.page.getByRole('row').filter({ hasText: email }).getByText(status, { exact: true }).waitFor();
  await ada.leaves();
});

test('what cannot be invited is named as it is entered, with why; the others are invited, and it stays', async () => {
  await office.world.join('olga@example.com', { permissions: ['contacts:view'] });
  const ada = await office.window({ as: 'ada@example.com', permissions: ['clipboard-read', 'clipboard-write'] });
  await ada.page.goto(office.at('people/invite'));
  await pastes(ada, ada.page.getByLabel('E-mail addresses'), 'olga@example.com, hedy@example.com, grace@example');
  await ada.page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('Export').check();
  const notice = ada.page.getByRole('main').getByText('These are not invited');
  await notice.waitFor();
  await ada.page.getByText('Is a member already. Change their permissions on their page.').first().waitFor();
  await ada.page.getByText('After the @ there is no domain').first().waitFor();
  await ada.page.getByRole('button', { name: 'Send 1 invitation' }).click();
  await ada.page.getByText('1 person invited').first().waitFor();
  await office.mailbox.mailTo('hedy@example.com');
  await ada.page.getByRole('button', { name: 'Correct grace@example' }).waitFor();
  expect(office.mailbox.peer.received.flatMap(({ to }) => to)).not.toContain('olga@example.com');
  await ada.context.close();
});

test('inviting, from signing in to the mail, goes by keyboard alone', async () => {
  const { page, reads, leaves } = await office.window();
  await page.goto(await makeOperatorLink(office.world.server.services, 'ada@example.com'));
  await reads('Sign in as ada@example.com');
  await tabTo(page, page.getByRole('button', { name: 'Sign in', exact: true }));
  await page.keyboard.press('Enter');
  await reads('People');
  await tabTo(page, page.getByRole('link', { name: 'Invite people' }).first());
  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('heading', { level: 1, name: 'Invite people' }));

  await tabTo(page, page.getByLabel('E-mail addresses'));
  await page.keyboard.type('tomas@example.com,');
  await tabTo(page, page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('View'));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Send 1 invitation' }));
  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('heading', { name: 'What became of it' }));
  await office.mailbox.mailTo('tomas@example.com');

  await tabTo(page, page.getByRole('link', { name: 'To the people' }));
  await page.keyboard.press('Enter');
  await reads('People');
  await tabTo(page, page.getByRole('link', { name: 'tomas@example.com' }));
  await page.keyboard.press('Enter');
  await reads('tomas@example.com');
  await tabTo(page, page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('Export'));
  await page.keyboard.press('Space');
  await tabTo(page, page.getByRole('button', { name: 'Save changes' }));
  await page.keyboard.press('Enter');
  await page.getByText('The permissions of tomas@example.com were saved.').waitFor();
  await leaves();
});

async function pastes({ page }: Visitor, field: Locator, text: string): Promise<void> {
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await field.focus();
  await page.keyboard.press('ControlOrMeta+V');
}

const overflow = ({ page }: Visitor) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
