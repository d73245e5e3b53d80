import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  const ada = await office.window({ as: 'ada@example.com' });
  const authenticator = await plugIn(ada.page, { isUserVerified: false });
  await ada.page.goto(`${office.origin}/console/account`);
  await addPasskey(ada, authenticator, 'Not mine');
  await ada.page.getByRole('alert').getByText('No passkey was made. Try again and confirm on your device.').waitFor();
  await ada.page.keyboard.press('Escape');
  await ada.page.getByText('No passkeys yet').waitFor();

  await signOut(ada, authenticator);
  await signInWithPasskey(ada, authenticator);
  await ada.page.getByRole('alert').getByText('The passkey was not used.').waitFor();
  await ada.leaves();
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

/** By the button. Browsers also offer it beside the field, which this device would take for its owner's wish at once. */
async function signInWithPasskey({ page }: Visitor, authenticator: Authenticator): Promise<void> {
  const button = page.getByRole('button', { name: 'Sign in with a passkey' });
  await page.waitForLoadState('networkidle');
  await authenticator.isAttended(true);
  await button.click();
}

async function signOut(visitor: Visitor, authenticator: Authenticator): Promise<void> {
  await authenticator.isAttended(false);
  await visitor.page.getByRole('button', { name: 'You: ada@example.com' }).click();
  await visitor.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await visitor.reads('Sign in');
}

interface Authenticator {
  credentials(): Promise<unknown[]>;
  /** Whether somebody is at the device, who goes along with whatever is asked. Nobody is at first. */
  isAttended(attended: boolean): Promise<void>;
}

/** A passkey provider of the device itself, which finds that it is its owner, or that it is not. */
async function plugIn(page: Page, { isUserVerified = true } = {}): Promise<Authenticator> {
  const devTools: CDPSession = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  const { authenticatorId } = await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
      automaticPresenceSimulation: false,
    },
  });
  return {
    credentials: async () => (await devTools.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    async isAttended(enabled) {
      await devTools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
  };
}
