import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { linkIn } from '../mailbox/mailbox.ts';
import { type Office, openOffice, sitDown, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test('who is revoked in one browser is nobody in the other at once, and is told so without a click', async () => {
  await office.world.join('mei@example.com', { permissions: ['user_management:all'] });
  const mei = await office.window({ as: 'mei@example.com' });
  await mei.page.goto(office.at('people'));
  await mei.page.getByRole('link', { name: 'ada@example.com' }).waitFor();

  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('people'));
  await ada.page.getByRole('checkbox', { name: 'Select mei@example.com' }).check();
  await ada.page.getByRole('button', { name: 'Revoke access' }).click();
  const dialog = ada.page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Revoke access of 1 person' }).click();
  await dialog.getByText('1 person lost their access').waitFor();

  expect(await asks(mei, '/organization/invited/users')).toBe(401);
  expect(await asks(mei, '/session')).toBe(401);
  await mei.page.getByText('Your session has ended.').waitFor({ timeout: 20_000 });
  expect(await mei.page.locator('body').innerText()).not.toContain('ada@example.com');
  await mei.leaves();
  await ada.leaves();
});

test('who is revoked in one organization of several is told that it is none of theirs any more, and stays signed in', async () => {
  const { world, mailbox } = office;
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Babbage Works',
    email: 'grace@example.com',
    plan: 'standard',
  });
  await world.invite('grace@example.com', { permissions: ['user_management:all'] });
  const grace = await office.window();
  for (const mail of await mailbox.mailsTo('grace@example.com', 2)) {
    await grace.page.goto(linkIn(mail));
    await grace.page.getByRole('button', { name: 'Join', exact: true }).click();
    await grace.page.getByRole('link', { name: 'Go to your team' }).waitFor();
  }
  await grace.page.goto(office.at('people'));
  await grace.page.getByRole('link', { name: 'ada@example.com' }).waitFor();
  await world.owner.put('/organization/user/invitation/revoke/grace@example.com');

  expect(await asks(grace, '/organization/invited/users')).toBe(403);
  expect(await asks(grace, '/session')).toBe(200);
  await grace.page.getByText('This organization is not one of yours').waitFor({ timeout: 20_000 });
  expect(await grace.page.locator('body').innerText()).not.toContain('ada@example.com');
  await grace.page.goto(`${office.origin}/console/`);
  await grace.reads('People');
  expect(grace.page.url()).toBe(office.at('people', made.body.id));
  await grace.leaves();
});

test('signing out in one window ends the others of the same browser, when one comes back to them', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('people'));
  await ada.reads('People');
  const second = await sitDown(ada.context);
  await second.page.goto(office.at('own-access'));
  await second.page.getByRole('button', { name: 'You: ada@example.com' }).click();
  await second.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await second.reads('Sign in');
  await ada.page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await ada.reads('Sign in');
  expect(await ada.page.locator('body').innerText()).not.toContain('ada@example.com');
  expect(second.complaints).toEqual([]);
  await ada.leaves();
});

test('what somebody was about to do when their session ended is refused, and leads to the sign-in page and back', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  const noor = await office.window({ as: 'noor@example.com' });
  await noor.page.goto(office.at('own-access'));
  await noor.reads('Your access');
  const elsewhere = await office.world.signIn('noor@example.com');
  const { body } = await elsewhere.client.get('/sessions');
  for (const { id, current } of body.sessions) if (!current) await elsewhere.client.delete(`/sessions/${id}`);

  await noor.page.getByRole('button', { name: /^Leave / }).click();
  await noor.page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
  await noor.page.getByText('Your session has ended.').waitFor();
  expect(new URL(noor.page.url()).searchParams.get('next')).toBe(`/o/${office.world.organizationId}/own-access`);
  const { body: list } = await office.world.owner.get('/organization/invited/users');
  expect(list.users.map(({ email }: { email: string }) => email)).toContain('noor@example.com');
  await noor.leaves();
});

test('where one is signed in is listed with the devices, and each of them can be ended from here', async () => {
  const iPhone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1';
  const phone = await office.window({ as: 'ada@example.com', userAgent: iPhone });
  await phone.page.goto(`${office.origin}/console/account`);
  const link = await makeOperatorLink(office.world.server.services, 'ada@example.com');
  const onPhone = await office.window({ userAgent: iPhone });
  await onPhone.page.goto(link);
  await onPhone.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await onPhone.reads('People');

  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(`${office.origin}/console/account`);
  const row = ada.page.getByRole('listitem').filter({ hasText: 'Safari on iPhone' });
  await row.getByText(/by a link of the operator/).waitFor();
  await row.getByRole('button', { name: 'End the session: Safari on iPhone' }).click();
  await ada.page.getByRole('dialog').getByText('Safari on iPhone is signed out with its next request.').waitFor();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'End the session' }).click();
  await ada.page.getByText('The session has ended.', { exact: true }).waitFor();
  await row.waitFor({ state: 'hidden' });

  expect(await asks(onPhone, '/session')).toBe(401);
  expect(await asks(ada, '/session')).toBe(200);
  expect(await asks(phone, '/session')).toBe(200);
  for (const visitor of [phone, onPhone, ada]) await visitor.leaves();
});

/** What a script of our own page is answered. */
const asks = ({ page }: Visitor, path: string): Promise<number> =>
  page.evaluate(
    async ([path, id]) => {
      const headers = { 'latchkey-session': '1', 'organization-id': id };
      return (await fetch(`/v3${path}`, { headers })).status;
    },
    [path, office.world.organizationId] as const,
  );
