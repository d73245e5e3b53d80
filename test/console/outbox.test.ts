import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureInWords } from '../../console/src/deliveries/failure-in-words.ts';
import { outbox as words } from '../../console/src/words/en/outbox.ts';
import { refusal } from '../mail/mail-peer.ts';
import { violationsIn } from './axe.ts';
import { focusComesTo, tabTo } from './keyboard.ts';
import { type Office, openOffice, type Visitor, type WindowOptions } from './open-console.ts';

const manages = 'user_management:all';
const hostile = '<img src=x onerror=alert(1)>@example.com';

/** One that mails and one that does not. */
let office: Office;
let mailless: Office;
let visitor: Visitor;
let page: Page;
/** Addresses that the mail server knows nobody by. */
const unknown = new Set(['zoe@example.com', 'keyboard@example.com']);

beforeAll(async () => {
  office = await openOffice(
    {},
    {
      recipient(address) {
        if (unknown.has(address)) throw refusal(550, '5.1.1 No such user here');
        if (address.endsWith('@slow.example')) throw refusal(451, '4.7.1 Greylisted, try again later');
      },
    },
  );
  mailless = await openOffice({ SMTP_URL: '' });
});
afterAll(async () => {
  await office?.close();
  await mailless?.close();
});

test('before anything was sent, the page says how that begins', async () => {
  await open(office);
  await page.getByRole('heading', { name: 'No messages yet' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Invite people' }).click();
  await page.waitForURL(/\/people\/invite$/);
  await visitor.leaves();
});

test('each message says what became of it, and a failed one why and what to do', async () => {
  await office.world.invite('eva@example.com');
  await office.world.invite('zoe@example.com');
  await office.world.invite('anna@slow.example');
  await settled(office);
  await open(office);
  await row('eva@example.com').getByText('Sent', { exact: true }).waitFor();
  expect(await row('eva@example.com').getByRole('button').count()).toBe(0);
  await row('zoe@example.com').getByText('Failed', { exact: true }).waitFor();
  await row('zoe@example.com').getByText('There is no such mailbox.').waitFor();
  await row('zoe@example.com').getByText('550 5.1.1 No such user here').waitFor();
  await row('anna@slow.example').getByText('Waiting', { exact: true }).waitFor();
  await row('anna@slow.example').getByText('The other side asks for patience.').waitFor();
  await row('anna@slow.example')
    .getByText(/1 attempt so far · next one (now|in \d+ minutes?)/)
    .waitFor();
  expect(await row('anna@slow.example').getByRole('button').count()).toBe(0);

  await page.getByRole('navigation', { name: 'State' }).getByRole('link', { name: 'Failed' }).click();
  await page.waitForURL(/\?state=failed$/);
  await row('eva@example.com').waitFor({ state: 'detached' });
  await page.getByRole('status').getByText('1 message').first().waitFor({ state: 'attached' });
  await page.reload();
  await row('zoe@example.com').waitFor();
  expect(await recipients()).toEqual(['zoe@example.com']);
  await row('zoe@example.com').getByRole('link', { name: 'zoe@example.com' }).click();
  await page.waitForURL(/\/people\/zoe(@|%40)example\.com$/);
  await visitor.leaves();
});

test('a failed one is sent again once the mailbox is there, and the list follows it until it is sent', async () => {
  unknown.delete('zoe@example.com');
  await open(office);
  await page.getByRole('button', { name: 'Send again to zoe@example.com' }).click();
  await page.getByText('A new invitation to zoe@example.com is on its way.').first().waitFor();
  await row('zoe@example.com').getByText('Sent', { exact: true }).waitFor();
  await row('zoe@example.com').getByText('A newer message was written since.').waitFor();
  expect(await page.getByRole('button', { name: 'Send again to zoe@example.com' }).count()).toBe(0);
  expect((await office.mailbox.mailsTo('zoe@example.com')).length).toBe(1);
  await visitor.leaves();
});

test('who joined meanwhile is not written to again, and the page says so', async () => {
  unknown.add('quick@example.com');
  const token = await office.world.invite('quick@example.com');
  await settled(office);
  await open(office, '?state=failed');
  await page.getByRole('button', { name: 'Send again to quick@example.com' }).waitFor();
  await office.world.anonymous.post('/organization/user/invitation/accept', { token });
  await page.getByRole('button', { name: 'Send again to quick@example.com' }).click();
  await row('quick@example.com').getByRole('alert').getByText('They have joined already').waitFor();
  await visitor.leaves();
});

test('without a mail server messages wait, and a link is handed over by who knows what it is', async () => {
  await mailless.world.invite('mei@example.com');
  await open(mailless);
  await page.getByText('This server sends no mail').waitFor();
  await row('mei@example.com').getByText('Waiting', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Copy link for mei@example.com' }).click();
  const dialog = page.getByRole('dialog', { name: 'Copy the invitation link' });
  await dialog.getByText('The link lets in whoever opens it, as mei@example.com.').waitFor();
  await dialog.getByText('is recorded in the activity').waitFor();
  expect(await revelations(mailless)).toBe(0);
  await dialog.getByRole('button', { name: 'Show the link' }).click();
  const field = dialog.getByLabel('Link for mei@example.com');
  await focusComesTo(field);
  const link = await field.inputValue();
  expect(link).toContain(`${mailless.origin}/join#`);
  expect(await revelations(mailless)).toBe(1);

  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'hidden' });
  const left = await page.evaluate(() => [
    document.documentElement.outerHTML,
    location.href,
    JSON.stringify({ ...localStorage, ...sessionStorage }),
  ]);
  const token = link.slice(link.indexOf('#') + 1);
  expect(left.filter((text) => text.includes(token))).toEqual([]);
  const joined = await mailless.world.anonymous.post('/organization/user/invitation/accept', { token });
  expect(joined).toMatchObject({ status: 200, body: { email: 'mei@example.com' } });
  await visitor.leaves();
});

test('who could not give what an invitation carries is not shown its link', async () => {
  await mailless.world.join('olga@example.com', { permissions: [manages, 'contacts:view'] });
  await mailless.world.invite('boss@example.com', { all: true });
  await open(mailless, '', { as: 'olga@example.com' });
  await page.getByRole('button', { name: 'Copy link for boss@example.com' }).click();
  await page.getByRole('button', { name: 'Show the link' }).click();
  await page
    .getByRole('dialog')
    .getByRole('alert')
    .getByText('This invitation gives more than you have yourself')
    .waitFor();
  await visitor.leaves();
});

test('who does not manage people is told what it takes', async () => {
  await office.world.join('pia@example.com', { permissions: ['contacts:view'] });
  await open(office, '', { as: 'pia@example.com' });
  await page.getByRole('heading', { name: 'You may not see the outbox' }).waitFor();
  await visitor.leaves();
});

test('hostile addresses are only text', async () => {
  await mailless.world.invite('plain@example.com');
  await mailless.world.database.sql(`update delivery set recipient = $1 where recipient = 'plain@example.com'`, [
    hostile,
  ]);
  await open(mailless);
  await row(hostile).waitFor();
  await page.getByRole('button', { name: `Copy link for ${hostile}` }).click();
  await page.getByRole('dialog').getByText(hostile).waitFor();
  expect(await page.locator('img').count()).toBe(0);
  await visitor.leaves();
});

test('many messages come page by page, and only those to one person where the address of the page says so', async () => {
  for (let number = 1; number <= 52; number++) await mailless.world.invite(`person${number}@example.com`);
  await open(mailless, '?state=queued&other=1');
  await row('person52@example.com').waitFor();
  expect((await recipients()).length).toBe(50);
  await page.getByRole('button', { name: 'Show more' }).click();
  await row('person1@example.com').waitFor();
  expect(new Set(await recipients()).size).toBe((await recipients()).length);

  await page.goto(mailless.at('outbox?email=person7@example.com'));
  await page.getByText('Only messages to person7@example.com').waitFor();
  expect(await recipients()).toEqual(['person7@example.com']);
  await page.getByRole('link', { name: 'To everybody' }).click();
  await row('person52@example.com').waitFor();
  await visitor.leaves();
});

test('by keyboard alone somebody finds what failed, sends it again and looks at a link', async () => {
  await office.world.invite('keyboard@example.com');
  await settled(office);
  await open(office, '', { reducedMotion: 'no-preference' });
  await tabTo(page, page.getByRole('navigation', { name: 'State' }).getByRole('link', { name: 'Failed' }));
  await page.keyboard.press('Enter');
  await page.waitForURL(/\?state=failed$/);
  const copy = page.getByRole('button', { name: 'Copy link for keyboard@example.com' });
  await tabTo(page, copy);
  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('button', { name: 'Show the link' }));
  await page.keyboard.press('Enter');
  await focusComesTo(page.getByRole('textbox', { name: 'Link for keyboard@example.com' }));
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await focusComesTo(copy);
  await tabTo(page, page.getByRole('button', { name: 'Send again to keyboard@example.com' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await page.getByText('A new invitation to keyboard@example.com is on its way.').first().waitFor();
  await visitor.leaves();
});

test.each(['light', 'dark'] as const)('axe finds nothing in the list and the dialog: %s', async (colorScheme) => {
  await open(office, '', { colorScheme, bypassCSP: true });
  await page.getByRole('list', { name: 'Outbox' }).waitFor();
  expect(await violationsIn(page)).toEqual([]);
  await visitor.leaves();

  await open(mailless, '', { colorScheme, bypassCSP: true });
  await page.getByRole('button', { name: 'Copy link for person52@example.com' }).click();
  await page.getByRole('button', { name: 'Show the link' }).waitFor();
  expect(await violationsIn(page)).toEqual([]);
  await page.getByRole('button', { name: 'Show the link' }).click();
  await page.getByRole('textbox', { name: 'Link for person52@example.com' }).waitFor();
  expect(await violationsIn(page)).toEqual([]);
  await visitor.leaves();
});

test.each([
  ['not sent: the invitation is replaced', 'replaced', undefined],
  [
    'the mail server could not be reached: ECONNREFUSED',
    'unreachable',
    'the mail server could not be reached: ECONNREFUSED',
  ],
  ['the mail server took too long', 'slow', undefined],
  ['552 5.2.2 Over quota', 'full', '552 5.2.2 Over quota'],
  ['550 5.7.1 Message refused by policy', 'unwanted', '550 5.7.1 Message refused by policy'],
  ['550 no such user', 'noSuchMailbox', '550 no such user'],
  ['451 4.7.1 Greylisted', 'later', '451 4.7.1 Greylisted'],
  ['599 whatever', 'other', '599 whatever'],
] as const)('“%s” is put into words', (reason, failure, original) => {
  expect(failureInWords(words.failures, reason)).toEqual({ text: words.failures[failure], original });
});

async function open(where: Office, search = '', options: WindowOptions = {}): Promise<void> {
  visitor = await where.window({ as: 'ada@example.com', ...options });
  page = visitor.page;
  await page.goto(where.at(`outbox${search}`));
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const list = (): Locator => page.getByRole('list', { name: 'Outbox' });
/** The newest message to somebody is the first. */
const row = (email: string): Locator =>
  list()
    .getByRole('listitem')
    .filter({ has: page.getByRole('link', { name: email, exact: true }) });
const recipients = (): Promise<string[]> => list().getByRole('link').allInnerTexts();

/** Every message was tried once. */
async function settled({ world }: Office): Promise<void> {
  await expect
    .poll(() => world.database.sql(`select 1 from delivery where state = 'queued' and reason is null`), {
      timeout: 20_000,
    })
    .toEqual([]);
}

async function revelations({ world }: Office): Promise<number> {
  const { body } = await world.owner.get('/organization/activities?action=invitation.link_revealed');
  return body.logs.length;
}
