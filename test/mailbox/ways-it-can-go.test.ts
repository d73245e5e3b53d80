import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { opens } from './join-visitor.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';

let mailbox: Mailbox;
let browser: Browser;
beforeAll(async () => {
  mailbox = await startMailbox();
  browser = await openBrowser();
  await mailbox.world.owner.put('/organization', { name: 'Analytical Engines' });
});
afterAll(async () => {
  await browser?.close();
  await mailbox?.stop();
});

const invitation = '/organization/user/invitation';

test('T14: resending kills the old link and the new one works', async () => {
  const { world } = mailbox;
  await world.invite('mei@example.com');
  const old = await mailbox.linkTo('mei@example.com');
  expect((await world.owner.put(`${invitation}/resend/mei@example.com`)).status).toBe(200);
  const renewed = await mailbox.linkTo('mei@example.com', 2);
  expect(renewed).not.toBe(old);
  const [first, second] = await mailbox.mailsTo('mei@example.com', 2);
  expect(second?.parsed.messageId).not.toBe(first?.parsed.messageId);

  const mei = await opens(browser, old);
  await mei.reads('There is a newer invitation');
  expect(await mei.said()).toContain('Look in your mailbox for the most recent invitation');
  await mei.page.goto(renewed);
  await mei.button('Join').click();
  await mei.reads('You’re in');
  await mei.leaves();
});

test('T14: a resend while the page is open is noticed when Join is clicked', async () => {
  const { world } = mailbox;
  await world.invite('meanwhile@example.com');
  const person = await opens(browser, await mailbox.linkTo('meanwhile@example.com'));
  await person.button('Join').waitFor();
  await world.owner.put(`${invitation}/resend/meanwhile@example.com`);
  await person.button('Join').click();
  await person.reads('There is a newer invitation');
  expect(await statusOf('meanwhile@example.com')).toBe('pending');
  await person.leaves();
});

test('a cancelled invitation says that it was withdrawn', async () => {
  const { world } = mailbox;
  await world.invite('noor@example.com');
  const noor = await opens(browser, await mailbox.linkTo('noor@example.com'));
  await noor.button('Join').waitFor();
  expect((await world.owner.put(`${invitation}/cancel/noor@example.com`)).status).toBe(200);
  await noor.button('Join').click();
  await noor.reads('This invitation was withdrawn');
  await noor.page.reload();
  await noor.reads('This invitation was withdrawn');
  expect(await noor.said()).toContain('Analytical Engines has taken the invitation back');
  await noor.leaves();
});

test('T13: an expired invitation says so, nobody joins by it, and a resend mends it', async () => {
  const { world } = mailbox;
  await world.invite('late@example.com');
  const late = await opens(browser, await mailbox.linkTo('late@example.com'));
  await late.button('Join').waitFor();
  await world.database.sql(
    `update invitation i set expires_at = now() - interval '1 second' from member m where m.id = i.member_id and m.email = $1`,
    ['late@example.com'],
  );
  await late.button('Join').click();
  await late.reads('This invitation has expired');
  await late.page.reload();
  await late.reads('This invitation has expired');
  expect(await statusOf('late@example.com')).toBe('expired');

  await world.owner.put(`${invitation}/resend/late@example.com`);
  await late.page.goto(await mailbox.linkTo('late@example.com', 2));
  await late.button('Join').click();
  await late.reads('You’re in');
  await late.leaves();
});

test('T12: when the key that invited is deleted the page explains it, and somebody entitled can mend it', async () => {
  const { world } = mailbox;
  const made = await world.owner.post('/organization/api-keys', {
    name: 'Onboarding',
    all_features_access: false,
    privileges: [
      { feature: 'user_management', permissions: ['all'] },
      { feature: 'contacts', permissions: ['view'] },
    ],
  });
  await world.invite('grace@example.com', { permissions: ['contacts:view'] }, world.as(made.body.key));
  const grace = await opens(browser, await mailbox.linkTo('grace@example.com'));
  await grace.button('Join').waitFor();
  expect((await world.owner.delete(`/organization/api-keys/${made.body.id}`)).status).toBe(200);
  await grace.button('Join').click();
  await grace.reads('You cannot join right now');
  expect(await grace.said()).toContain('Whoever sent this invitation may no longer give the permissions in it.');
  expect(await statusOf('grace@example.com')).toBe('pending');

  await world.owner.put(`${invitation}/resend/grace@example.com`);
  await grace.button('Try again').click();
  await grace.reads('There is a newer invitation');
  await grace.page.goto(await mailbox.linkTo('grace@example.com', 2));
  await grace.button('Join').click();
  await grace.reads('You’re in');
  await grace.leaves();
});

test('T17: a partner’s organization with one seat is full after its owner, and not after the plan grew', async () => {
  const { world } = mailbox;
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Small Works',
    email: 'olga@example.com',
    plan: 'free',
  });
  expect(made.status).toBe(201);
  const olga = await opens(browser, await mailbox.linkTo('olga@example.com'));
  await olga.settledHeading();
  expect(await olga.said()).toContain('You will be an owner');
  await olga.button('Join').click();
  await olga.reads('You’re in');
  await olga.leaves();

  const small = world.partnerIn(made.body.id);
  const invited = await small.post(`${invitation}/send`, { email: 'hedy@example.com', all_features_access: true });
  expect(invited.status).toBe(200);
  const hedy = await opens(browser, await mailbox.linkTo('hedy@example.com'));
  await hedy.button('Join').click();
  await hedy.reads('Small Works is full');
  expect(await hedy.said()).toContain('Your invitation stays open.');

  const grown = await world.partner.put(`/corporate/subAccount/${made.body.id}/plan`, { plan: 'free', seats: 2 });
  expect(grown.status).toBe(200);
  await hedy.button('Try again').click();
  await hedy.reads('You’re in');
  await hedy.leaves();
  const list = await small.get('/organization/invited/users');
  expect(list.body.users.map((user: { status: string }) => user.status)).toEqual(['active', 'active']);
});

test('a removed member’s link does not let them back in', async () => {
  const { world } = mailbox;
  await world.invite('removed@example.com');
  const link = await mailbox.linkTo('removed@example.com');
  const person = await opens(browser, link);
  await person.button('Join').click();
  await person.reads('You’re in');
  await world.owner.put(`${invitation}/revoke/removed@example.com`);
  await person.page.reload();
  await person.reads('This invitation was withdrawn');
  expect(await statusOf('removed@example.com')).toBe(undefined);
  await person.leaves();
});

test('T6: a link of which a letter was changed, lost or added belongs to no invitation', async () => {
  await mailbox.world.invite('letter@example.com');
  const link = await mailbox.linkTo('letter@example.com');
  const changed = link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A');
  const person = await opens(browser, 'about:blank');
  for (const wrong of [changed, link.slice(0, -3), `${link}AAAA`]) {
    await person.page.goto(wrong);
    await person.reads('This link does not work');
  }
  await person.page.goto(link);
  await person.button('Join').waitFor();
  await person.leaves();
});

async function statusOf(email: string): Promise<string | undefined> {
  const { body } = await mailbox.world.owner.get('/organization/invited/users');
  return body.users.find((user: { email: string }) => user.email === email)?.status;
}
