import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Authenticator, plugIn } from './authenticator.ts';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test('a passkey is added, signs in without a mail, and once removed does so no more', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  const authenticator = await plugIn(ada.page);
  await ada.page.goto(`${office.origin}/console/account`);
  await ada.page.getByText('No passkeys yet').waitFor();
  await addPasskey(ada, authenticator, 'Work laptop');
  await ada.page.getByText('The passkey was added.').waitFor();
  await ada.page.getByText('Never used').waitFor();
  expect(await authenticator.credentials()).toMatchObject([{ rpId: 'localhost', isResidentCredential: true }]);

  await addPasskey(ada, authenticator, 'The same once more');
  await ada.page.getByRole('alert').getByText('This device has a passkey for you already.').waitFor();
  await ada.page.keyboard.press('Escape');

  await signOut(ada, authenticator);
  await signInWithPasskey(ada, authenticator);
  await ada.reads('People');
  await ada.page.goto(`${office.origin}/console/account`);
  await ada.page.getByText(/Signed in .*, by a passkey/).waitFor();
  await ada.page.getByText('Never used').waitFor({ state: 'hidden' });

  await ada.page.getByRole('button', { name: 'Remove the passkey: Work laptop' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Remove the passkey' }).click();
  await ada.page.getByText('No passkeys yet').waitFor();
  await signOut(ada, authenticator);
  await signInWithPasskey(ada, authenticator);
  await ada.page.getByRole('alert').getByText('This passkey was not accepted.').waitFor();
  expect(await ada.context.cookies()).toEqual([]);
  await ada.leaves();
});

test('where the device’s owner does not go along, nothing is added, and signing in says what else there is', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view'] });
  const noor = await office.window({ as: 'noor@example.com' });
  const authenticator = await plugIn(noor.page, { isUserVerified: false });
  await noor.page.goto(`${office.origin}/console/account`);
  await addPasskey(noor, authenticator, 'Not mine');
  await noor.page.getByRole('alert').getByText('No passkey was made. Try again and confirm on your device.').waitFor();
  await noor.page.keyboard.press('Escape');
  await noor.page.getByText('No passkeys yet').waitFor();

  await signOut(noor, authenticator);
  await signInWithPasskey(noor, authenticator);
  await noor.page.getByRole('alert').getByText('The passkey was not used.').waitFor();
  await noor.leaves();
});

test('what the browser offers late does not get in the way of the button', async () => {
  const { page, leaves } = await office.window();
  await page.addInitScript(() => {
    const { get } = CredentialsContainer.prototype;
    CredentialsContainer.prototype.get = function (asked) {
      document.body.dataset.asked = `${document.body.dataset.asked ?? ''}${asked?.mediation ?? 'by the button'}; `;
      return get.call(this, asked);
    };
  });
  await plugIn(page);
  const answers: (() => void)[] = [];
  await page.route('**/v3/sign-in/passkey/options', async (route) => {
    const response = await route.fetch();
    await new Promise<void>((resolve) => answers.push(resolve));
    await route.fulfill({ response });
  });
  await page.goto(`${office.origin}/console/sign-in`);
  await expect.poll(() => answers.length, { timeout: 15_000 }).toBe(1);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect.poll(() => answers.length, { timeout: 15_000 }).toBe(2);

  const [late, prompt] = answers;
  prompt?.();
  await page.locator('body[data-asked="by the button; "]').waitFor();
  const answered = page.waitForResponse('**/v3/sign-in/passkey/options');
  late?.();
  await (await answered).finished();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
  expect(await page.locator('body').getAttribute('data-asked')).toBe('by the button; ');
  await leaves();
});

test('a browser that was left open for an hour gives nobody a passkey, and says what to do', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  const authenticator = await plugIn(ada.page);
  await ada.page.goto(`${office.origin}/console/account`);
  await office.world.database.sql(`update session set created_at = created_at - interval '61 minutes'`);
  await addPasskey(ada, authenticator, 'Found open');
  const alert = ada.page.getByRole('alert');
  await alert.getByText('your sign-in must be less than an hour old').waitFor();
  await alert.getByRole('button', { name: 'Sign in again' }).click();
  await ada.reads('Sign in');
  expect(await ada.context.cookies()).toEqual([]);
  expect(new URL(ada.page.url()).searchParams.get('next')).toBe('/account');
  await ada.leaves();
});

test('the passkey of somebody who was removed signs nobody in', async () => {
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  const mei = await office.window({ as: 'mei@example.com' });
  const authenticator = await plugIn(mei.page);
  await mei.page.goto(`${office.origin}/console/account`);
  await addPasskey(mei, authenticator, 'Phone');
  await mei.page.getByText('The passkey was added.').waitFor();
  await office.world.owner.put('/organization/user/invitation/revoke/mei@example.com');
  await authenticator.isAttended(false);
  await mei.page.goto(`${office.origin}/console/sign-in`);
  await signInWithPasskey(mei, authenticator);
  await mei.page.getByRole('alert').getByText('This passkey was not accepted.').waitFor();
  expect(await mei.page.evaluate(async () => (await fetch('/v3/session')).status)).toBe(401);
  await mei.leaves();
});

async function addPasskey({ page }: Visitor, authenticator: Authenticator, name: string): Promise<void> {
  await authenticator.isAttended(true);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' });
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Add a passkey' }).click();
}

/** By the button. */
async function signInWithPasskey({ page }: Visitor, authenticator: Authenticator): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await authenticator.isAttendedFrom(button);
  await button.click();
}

async function signOut({ page, reads }: Visitor, authenticator: Authenticator): Promise<void> {
  await authenticator.isAttended(false);
  await page.getByRole('button', { name: /^You: / }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await reads('Sign in');
}
