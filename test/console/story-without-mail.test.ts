import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice({ SMTP_URL: '' });
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

test('the sign-in page says that there is no mail, and how one gets in all the same', async () => {
  const ada = await office.window();
  await ada.page.goto(`${office.origin}/console/`);
  await ada.reads('Sign in');
  await ada.page.getByText('This server sends no mail').waitFor();
  await ada.page.getByText('npm run sign-in-link -- you@example.com').waitFor();
  expect(await ada.page.getByRole('textbox').count()).toBe(0);
  await ada.page.goto(await operatorLink('ada@example.com'));
  await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.reads('People');
  await ada.leaves();
});

test('T2, T3: a link copied here lets its holder join, and signs nobody in, then or later', async () => {
  const ada = await office.window({ as: 'ada@example.com', permissions: ['clipboard-read', 'clipboard-write'] });
  await ada.page.goto(office.at('people/invite'));
  await ada.page.getByText('This server sends no mail').waitFor();
  await ada.page.getByLabel('E-mail addresses').fill('mei@example.com');
  await ada.page.getByRole('group', { name: 'Contacts', exact: true }).getByLabel('View').check();
  await ada.page.getByRole('button', { name: 'Invite 1 person' }).click();
  await ada.page.getByRole('button', { name: 'Copy link of mei@example.com' }).click();
  const link = await copiesLink(ada);

  const mei = await office.window();
  await mei.page.goto(link);
  await mei.page.getByRole('button', { name: 'Join', exact: true }).click();
  await mei.reads('You’re in');
  expect(await mei.page.getByRole('link').count()).toBe(0);
  expect(await mei.context.cookies()).toEqual([]);
  await mei.page.goto(`${office.origin}/console/`);
  await mei.reads('Sign in');
  expect(await boundTo('mei@example.com')).toBeNull();

  // Only the word of whoever runs the server binds Mei to an identity.
  await mei.page.goto(await operatorLink('mei@example.com'));
  await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await mei.reads('Your access');
  expect(await boundTo('mei@example.com')).not.toBeNull();
  await mei.leaves();
  await ada.leaves();
});

test('the outbox keeps what waits, and the link can be had from there and from the member’s page', async () => {
  await office.world.invite('noor@example.com');
  const ada = await office.window({ as: 'ada@example.com', permissions: ['clipboard-read', 'clipboard-write'] });
  await ada.page.goto(office.at('outbox'));
  await ada.page.getByText('This server sends no mail').waitFor();
  await ada.page.getByText('noor@example.com').first().waitFor();
  await ada.page.getByRole('button', { name: 'Copy link for noor@example.com' }).click();
  const fromOutbox = await copiesLink(ada);
  await ada.page.goto(office.at('people/noor%40example.com'));
  await ada.page.getByText('copy the link and hand it over yourself').first().waitFor();
  await ada.page.getByRole('button', { name: 'Copy link of noor@example.com' }).click();
  expect(await copiesLink(ada)).toBe(fromOutbox);
  const { body } = await office.world.owner.get(
    '/organization/activities?action=invitation.link_revealed&email=noor%40example.com',
  );
  expect(body.logs).toHaveLength(2);
  await ada.leaves();
});

/** Looks at the link and copies it; it is on the page only as long as the dialog is open. */
async function copiesLink({ page }: Visitor): Promise<string> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Show the link' }).click();
  await dialog.getByRole('button', { name: 'Copy the link' }).click();
  await dialog.getByText('Copied.').waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(`${office.origin}/join#`)).toBe(true);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await dialog.waitFor({ state: 'hidden' });
  expect(await page.content()).not.toContain(link.slice(link.indexOf('#') + 1));
  return link;
}

const operatorLink = (email: string) => makeOperatorLink(office.world.server.services, email);

async function boundTo(email: string): Promise<string | null | undefined> {
  const [row] = await office.world.database.sql<{ identity_id: string | null }>(
    'select identity_id from member where email = $1',
    [email],
  );
  return row?.identity_id;
}
