import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

test('who reads French is spoken to in French from the invitation on, and can choose otherwise', async () => {
  await office.world.owner.post('/organization/user/invitation/send', {
    email: 'margaux@example.com',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
    locale: 'fr',
  });
  const margaux = await office.window({ locale: 'fr-FR', timezoneId: 'Europe/Paris' });
  await margaux.page.goto(await office.mailbox.linkTo('margaux@example.com'));
  await margaux.page.getByRole('button', { name: 'Rejoindre' }).click();
  await margaux.page.getByRole('link', { name: 'Voir votre équipe' }).click();
  await margaux.reads('Votre accès');
  await margaux.page.getByText(/^Contacts\s: Consulter$/).waitFor();
  expect(await margaux.page.locator('html').getAttribute('lang')).toBe('fr');
  await margaux.page.goto(`${office.origin}/console/account`);
  await margaux.page
    .getByText(/^Connecté .*, /)
    .first()
    .waitFor();
  await margaux.page.getByLabel('Langue').selectOption('en');
  await margaux.reads('Sign-in and passkeys');
  await margaux.page.reload();
  await margaux.reads('Sign-in and passkeys');
  expect(await margaux.page.locator('html').getAttribute('lang')).toBe('en');
  await margaux.leaves();
});
