import { afterAll, beforeAll, test } from 'vitest';
import { type Office, openOffice } from './open-console.ts';
let office: Office;
beforeAll(async () => { office = await openOffice();  });
afterAll(() => office?.close());
test('probe', async () => {
  const { world, mailbox } = office;
  const made = await world.partner.post('/corporate/subAccount', { companyName: 'Babbage Works', email: 'hedy@example.com', plan: 'standard' });
  const hedy = await office.window();
  for (const [count, invite] of [ [1, async () => made], [2, () => world.invite('hedy@example.com')] ] as const) {
    await invite();
    await hedy.page.goto(await mailbox.linkTo('hedy@example.com', count));
    await hedy.page.getByRole('button', { name: 'Join', exact: true }).click();
    await hedy.page.getByRole('link', { name: 'Go to your team' }).waitFor();
  }
  await hedy.page.goto(office.at('own-access'));
  hedy.page.on('framenavigated', (f) => console.log('nav', f.url()));
  hedy.page.on('response', (r) => r.url().includes('/v3') && console.log(r.status(), r.request().method(), r.url(), r.request().headers()['organization-id']));
  console.log(office.world.organizationId, made.body.id)
    await hedy.page.getByRole('button', { name: /Leave / }).click();
  await hedy.page.getByRole('dialog').getByRole('button', { name: 'Leave', exact: true }).click();
  await hedy.page.waitForTimeout(5000);
  console.log(hedy.page.url(), await hedy.page.locator('body').innerText(), hedy.complaints);
}, 60000);
