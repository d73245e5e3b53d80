import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureInWords } from '../../console/src/deliveries/failure-in-words.ts';
import { outbox as words } from '../../console/src/words/fr/outbox.ts';
import { refusal } from '../mail/mail-peer.ts';
import { type Office, openOffice } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice(
    {},
    {
      recipient(address) {
        if (address.startsWith('zoe')) throw refusal(550, '5.1.1 No such user here');
        if (address.endsWith('@slow.example')) throw refusal(451, '4.7.1 Greylisted, try again later');
      },
    },
  );
});
afterAll(() => office?.close());

test('why a mail was refused stands in the reader’s words among the people and on the person’s page, as in the outbox', async () => {
  await office.world.invite('zoe@example.com');
  await office.world.invite('anna@slow.example');
  await expect
    .poll(() => office.world.database.sql(`select 1 from delivery where reason is null`), { timeout: 20_000 })
    .toEqual([]);
  const ada = await office.window({ as: 'ada@example.com', locale: 'fr-FR' });
  const unknown = failureInWords(words.failures, '550 5.1.1').text;
  for (const path of ['people', 'people/zoe%40example.com', 'outbox?state=failed']) {
    await ada.page.goto(office.at(path));
    await ada.page.getByText(unknown).first().waitFor();
  }
  await ada.page.goto(office.at('people/anna%40slow.example'));
  await ada.page.getByText(failureInWords(words.failures, '451 4.7.1').text).waitFor();
  await ada.leaves();
});
