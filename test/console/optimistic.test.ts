import type { Locator, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { refusal } from '../mail/mail-peer.ts';
import { focusComesTo } from './keyboard.ts';
import { type Office, openOffice, type Visitor } from './open-console.ts';

// docs/decisions/0016: what is shown at once, what only as under way, and what not before the server has said so.

let office: Office;
let ada: Visitor;
let page: Page;

beforeAll(async () => {
  office = await openOffice(
    {},
    {
      recipient(address) {
        if (address.startsWith('unknown')) throw refusal(550, '5.1.1 No such user here');
      },
    },
  );
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

test('another name of the organization stands everywhere at once, and counts as saved when the server has said so', async () => {
  await opens('organization', 'Organization');
  const held = await hold('PUT', '/organization');
  await field('Name').fill('Acme Rockets');
  await button('Save').click();
  await held.isAsked();
  await sideReads('Acme Rockets');
  expect(await page.title()).toBe('Organization · Acme Rockets · Latchkey');
  expect(await page.getByText('You have changes that are not saved.').count()).toBe(0);
  expect(await page.getByText('The organization was changed.').count(), 'nobody has said so yet').toBe(0);
  await expect.poll(() => button('Save').isDisabled()).toBe(true);

  await held.ends(goesOn);
  await page.getByText('The organization was changed.').first().waitFor();
  await sideReads('Acme Rockets');
  expect((await office.world.owner.get('/account')).body.companyName).toBe('Acme Rockets');
  await ada.leaves();
});

test('a name that is refused is the old one again, what was written is there as unsaved, and the focus where it was', async () => {
  await office.world.owner.put('/organization', { name: 'Acme' });
  await opens('organization', 'Organization');
  const held = await hold('PUT', '/organization');
  await field('Name').fill('Acme Balloons');
  await button('Save').click();
  await held.isAsked();
  await sideReads('Acme Balloons');

  await held.ends(refuses(403, 'permission_denied'));
  await alert('You may not do this.').waitFor();
  await sideReads('Acme');
  expect(await page.title()).toBe('Organization · Acme · Latchkey');
  expect(await field('Name').inputValue()).toBe('Acme Balloons');
  await page.getByText('You have changes that are not saved.').waitFor();
  await focusComesTo(button('Save'));
  await held.ends(goesOn);
  await page.keyboard.press('Enter');
  await page.getByText('The organization was changed.').first().waitFor();
  expect((await office.world.owner.get('/account')).body.companyName).toBe('Acme Balloons');
  await ada.leaves();
});

test('an address that the server does not take is unsaved again, said to be wrong, and has the focus', async () => {
  await opens('organization', 'Organization');
  const held = await hold('PUT', '/organization');
  const address = field('Where people go after joining');
  await address.fill('https://ada:secret@app.example.com/');
  await button('Save').click();
  await held.isAsked();
  await page.getByText('You have changes that are not saved.').waitFor({ state: 'detached' });

  await held.ends(goesOn);
  await alert('Use an address that begins with https://').waitFor();
  expect(await address.getAttribute('aria-invalid')).toBe('true');
  await focusComesTo(address);
  await page.getByText('You have changes that are not saved.').waitFor();
  await ada.leaves();
});

test('what is written while the change before is under way is not lost by it', async () => {
  await opens('organization', 'Organization');
  const held = await hold('PUT', '/organization');
  await field('Name').fill('Acme Trains');
  await button('Save').click();
  await held.isAsked();
  await field('Name').fill('Acme Trams');
  await held.ends(goesOn);
  await page.getByText('The organization was changed.').first().waitFor();
  expect(await field('Name').inputValue()).toBe('Acme Trams');
  await sideReads('Acme Trains');
  await ada.leaves();
});

test('an id that another member has is unsaved again, and says so beside it', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  await office.world.owner.put('/organization/user/mei@example.com', { external_id: 'u-1' });
  await opens('people/noor@example.com?tab=access', 'noor@example.com');
  const held = await hold('PUT', '/organization/user/noor@example.com');
  const section = page.getByRole('region', { name: 'The product’s own id' });
  await section.getByLabel('Id').fill('u-1');
  await section.getByRole('button', { name: 'Save' }).click();
  await held.isAsked();
  // The request is on its way a moment before the page is drawn again.
  await expect
    .poll(() => section.getByRole('button', { name: 'Save' }).isDisabled(), { message: 'nothing is left to save' })
    .toBe(true);

  await held.ends(goesOn);
  await section.getByRole('alert').getByText('Another member has this id already.').waitFor();
  expect(await section.getByLabel('Id').inputValue()).toBe('u-1');
  await focusComesTo(section.getByRole('button', { name: 'Save' }));
  await section.getByLabel('Id').fill('u-2');
  await section.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The id was saved.').first().waitFor();
  await ada.leaves();
});

test('an invitation that is sent again is on its way at once, and is what it was when the server cannot', async () => {
  await office.world.invite('unknown@example.com');
  await opens('people/unknown@example.com', 'unknown@example.com');
  await main('The mail could not be sent').waitFor();
  const held = await hold('PUT', '/invitation/resend/unknown@example.com');
  await button('Send again').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
  await held.isAsked();
  await main('The mail is waiting to be sent').waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await held.ends(refuses(500, 'internal_error'));
  await main('The mail could not be sent').waitFor();
  await alert('Something went wrong on the server.').waitFor();
  await focusComesTo(button('Send again'));
  await ada.leaves();
});

test('two changes of the same person that are under way at once do not undo each other, whichever is refused', async () => {
  await office.world.invite('unknown-pia@example.com');
  for (const refused of ['mail', 'id'] as const) {
    await opens('people/unknown-pia@example.com?tab=access', 'unknown-pia@example.com');
    await main('The mail could not be sent').waitFor();
    const mail = await hold('PUT', '/invitation/resend/unknown-pia@example.com');
    const id = await hold('PUT', '/organization/user/unknown-pia@example.com');
    const section = page.getByRole('region', { name: 'The product’s own id' });
    const save = section.getByRole('button', { name: 'Save' });
    await section.getByLabel('Id').fill(`pia-${refused}`);
    await save.click();
    await id.isAsked();
    await button('Send again').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
    await mail.isAsked();
    await main('The mail is waiting to be sent').waitFor();

    const read = page.waitForResponse((response) => response.url().includes('/invited/users?'));
    if (refused === 'mail') {
      await mail.ends(refuses(403, 'permission_denied'));
      await main('The mail could not be sent').waitFor();
      await read;
      expect(await save.isDisabled(), 'the id still counts as saved, though the server has not said so').toBe(true);
      await id.ends(goesOn);
      await page.getByText('The id was saved.').first().waitFor();
      expect(await alert('You may not do this.').count()).toBe(1);
    } else {
      await id.ends(refuses(409, 'duplicate_request'));
      await section.getByRole('alert').waitFor();
      await read;
      await expect.poll(() => save.isDisabled()).toBe(false);
      await main('The mail is waiting to be sent').waitFor();
      await mail.ends(goesOn);
      await page.getByText('A new invitation is on its way').first().waitFor();
    }
    await ada.leaves();
  }
});

test('what fails when its page has gone is told in the corner, by name', async () => {
  await opens('people/unknown-pia@example.com', 'unknown-pia@example.com');
  const held = await hold('PUT', '/invitation/resend/unknown-pia@example.com');
  await button('Send again').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
  await held.isAsked();
  await page.getByRole('link', { name: 'All people' }).click();
  await ada.reads('People');
  await held.ends(refuses(403, 'permission_denied'));
  await alert('Sending the invitation again to unknown-pia@example.com').getByText('You may not do this.').waitFor();
  await ada.leaves();
});

test('a failed message that is sent again has a newer one at once, and none when that is refused', async () => {
  await office.world.invite('unknown-tim@example.com');
  await opens('outbox', 'Outbox');
  const row = page.getByRole('listitem').filter({ hasText: 'unknown-tim@example.com' });
  const again = row.getByRole('button', { name: 'Send again to unknown-tim@example.com' });
  await again.waitFor();
  const held = await hold('PUT', '/invitation/resend/unknown-tim@example.com');
  await again.click();
  await held.isAsked();
  await row.getByText('A newer message was written since.').waitFor();
  await held.ends(refuses(400, 'invalid_parameter', 'already_joined'));
  await row.getByRole('alert').getByText('They have joined already').waitFor();
  expect(await row.getByText('A newer message was written since.').count()).toBe(0);
  await focusComesTo(again);
  await ada.leaves();
});

test('an invitation is said to be taken back only when it is; until then one reads that it is under way', async () => {
  await office.world.invite('una@example.com');
  await office.mailbox.mailTo('una@example.com');
  await opens('people/una@example.com', 'una@example.com');
  const held = await hold('PUT', '/invitation/cancel/una@example.com');
  await button('Take back').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take the invitation back' }).click();
  await held.isAsked();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await main('Being taken back…').waitFor();
  expect(await page.getByText('was taken back').count()).toBe(0);

  await held.ends((route) => route.abort());
  await alert('The server cannot be reached.').waitFor();
  expect(await main('Being taken back…').count()).toBe(0);
  await focusComesTo(button('Take back'));
  await held.ends(goesOn);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Take the invitation back' }).click();
  await ada.reads('People');
  await page.getByText('The invitation of una@example.com was taken back.').first().waitFor();
  await ada.leaves();
});

test('sessions are being ended at once, several at a time; the one that the server does not end is there again', async () => {
  const systems = { 'Firefox on Linux': 'X11; Linux x86_64', 'Firefox on Windows': 'Windows NT 10.0; Win64; x64' };
  for (const system of Object.values(systems)) {
    const elsewhere = await office.window({
      userAgent: `Mozilla/5.0 (${system}; rv:145.0) Gecko/20100101 Firefox/145.0`,
    });
    await elsewhere.page.goto(await makeOperatorLink(office.world.server.services, 'ada@example.com'));
    await elsewhere.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await elsewhere.reads('People');
    await elsewhere.leaves();
  }
  ada = await office.window({ as: 'ada@example.com' });
  page = ada.page;
  await page.goto(`${office.origin}/console/account`);
  const row = (device: string): Locator => page.getByRole('listitem').filter({ hasText: device });
  const all = await sessions();
  const idOf = (system: string) => all.find(({ user_agent: agent }) => agent?.includes(system))?.id;

  const held = new Map<string, Hold>();
  for (const [device, system] of Object.entries(systems)) {
    held.set(device, await hold('DELETE', `/sessions/${idOf(system)}`));
    await row(device).getByRole('button').click();
    await page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row(device).getByText('Ending…').waitFor();
  }
  await held.get('Firefox on Linux')?.ends(refuses(500, 'internal_error'));
  await row('Firefox on Linux').getByRole('alert').getByText('Something went wrong on the server.').waitFor();
  expect(await row('Firefox on Linux').getByText('Ending…').count()).toBe(0);
  await row('Firefox on Windows').getByText('Ending…').waitFor();
  expect(await page.getByText('The session has ended.').count()).toBe(0);
  await held.get('Firefox on Windows')?.ends(goesOn);
  await page.getByText('The session has ended.').first().waitFor();
  await row('Firefox on Windows').waitFor({ state: 'detached' });
  await row('Firefox on Linux').getByRole('alert').waitFor();
  await ada.leaves();
});

test('what somebody may do, and whether, is shown as changed only when the server has said so', async () => {
  await office.world.join('kim@example.com', { permissions: ['contacts:view'] });
  await opens('people/kim@example.com', 'kim@example.com');
  const permissions = await hold('POST', '/organization/user/update/permissions');
  await page.getByRole('group', { name: 'Contacts' }).getByRole('checkbox', { name: 'Export' }).check();
  await button('Save changes').click();
  await permissions.isAsked();
  await page.getByRole('region', { name: 'Not saved yet' }).getByText('Contacts: Export').waitFor();
  await permissions.ends(goesOn);
  await page.getByRole('region', { name: 'Not saved yet' }).waitFor({ state: 'detached' });

  await page.getByRole('tab', { name: 'Access' }).click();
  const suspension = await hold('PUT', '/organization/user/kim@example.com');
  await button('Suspend').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await suspension.isAsked();
  await page.getByRole('dialog').waitFor();
  expect(await page.getByText('Suspended', { exact: true }).count()).toBe(0);
  await suspension.ends(goesOn);
  await page.getByText('kim@example.com is suspended.').first().waitFor();
  await page.getByText('Suspended', { exact: true }).first().waitFor();

  const removal = await hold('PUT', '/invitation/revoke/kim@example.com');
  await button('Remove from the organization').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
  await removal.isAsked();
  await page.getByRole('dialog').waitFor();
  await removal.ends(refuses(403, 'permission_denied'));
  await page.getByRole('dialog').getByRole('alert').getByText('You may not do this.').waitFor();
  await ada.leaves();
});

async function opens(path: string, heading: string): Promise<void> {
  ada = await office.window({ as: 'ada@example.com' });
  page = ada.page;
  await page.goto(office.at(path));
  await ada.reads(heading);
}

interface Hold {
  /** Waits until the browser has asked. */
  isAsked(): Promise<void>;
  /** Answers what was asked, and whatever is asked from now on: the client asks again by itself where that may help. */
  ends(how: Answer): Promise<void>;
}

type Answer = (route: Route) => Promise<void>;

/** Holds replies back. */
async function hold(method: string, path: string): Promise<Hold> {
  const waiting: Route[] = [];
  let answer: Answer | undefined;
  await page.route(
    ({ pathname }) => decodeURIComponent(pathname).endsWith(path),
    async (route) => {
      if (route.request().method() !== method) return route.fallback();
      if (answer) return answer(route);
      waiting.push(route);
    },
  );
  return {
    isAsked: () => expect.poll(() => waiting.length, { timeout: 10_000 }).toBe(1),
    async ends(how) {
      answer = how;
      await Promise.all(waiting.splice(0).map(how));
    },
  };
}

const goesOn: Answer = (route) => route.continue();
const refuses =
  (status: number, code: string, reason?: string): Answer =>
  (route) =>
    route.fulfill({
      status,
      json: { code, message: 'No.', ...(reason && { details: [{ path: 'email', reason, message: 'No.' }] }) },
    });

const field = (name: string): Locator => page.getByRole('textbox', { name, exact: true });
const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
const alert = (text: string): Locator => page.getByRole('alert').filter({ hasText: text });
const main = (text: string): Locator => page.getByRole('main').getByText(text);
const sideReads = (name: string): Promise<void> =>
  page.locator('strong').filter({ visible: true }).getByText(name, { exact: true }).waitFor();

async function sessions(): Promise<{ id: string; user_agent: string | null }[]> {
  return await page.evaluate(async () => {
    const reply = await fetch('/v3/sessions', { headers: { 'latchkey-session': '1' } });
    return (await reply.json()).sessions;
  });
}
