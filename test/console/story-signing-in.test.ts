import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkIn } from '../mailbox/mailbox.ts';
import { type Office, openOffice, sitDown, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

test('the first start’s link signs its owner in by a click, once, and does not stay in the address', async () => {
  const link = office.world.server.ownerLink ?? '';
  const token = link.slice(link.indexOf('#') + 1);
  expect(link.startsWith(`${office.origin}/console/sign-in#`)).toBe(true);

  const ada = await office.window();
  await ada.page.goto(link);
  await ada.reads('Sign in as ada@example.com');
  expect(ada.page.url()).toBe(`${office.origin}/console/sign-in`);
  expect(await ada.context.cookies()).toEqual([]);
  await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.reads('People');
  expect(ada.page.url()).toBe(office.at('people'));
  await ada.page.getByRole('button', { name: 'You: ada@example.com' }).waitFor();

  const [cookie, ...others] = await ada.context.cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ name: 'latchkey-session', httpOnly: true, sameSite: 'Strict', path: '/' });
  expect(await ada.page.evaluate(() => document.cookie)).toBe('');

  // Nowhere to go back to, since nothing with the token was ever kept.
  for (let step = 0; step < 3; step++) {
    await ada.page.goBack().catch(() => null);
    expect(ada.page.url()).not.toContain(token);
  }
  const elsewhere = await office.window();
  await elsewhere.page.goto(link);
  await elsewhere.reads('This link was used already');
  await elsewhere.page.getByRole('button', { name: 'Ask again' }).click();
  await elsewhere.reads('Sign in');
  await elsewhere.leaves();
  await ada.leaves();
});

test('who asks for a link finds it in their mail, and comes out where they wanted to go', async () => {
  const mei = await joinsByMail('mei@example.com');
  await mei.context.clearCookies();
  await mei.page.goto(office.at('own-access'));
  await asksForLink(mei, 'Mei@Example.com');
  await mei.page.getByText('If somebody signs in with Mei@Example.com, a link is on its way there.').waitFor();

  const link = linkIn(await office.mailbox.mailTo('mei@example.com', 2));
  await mei.page.goto(link);
  await mei.reads('Sign in as mei@example.com');
  await mei.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await mei.reads('Your access');
  await mei.leaves();
});

test('another window that was left waiting for the mail goes on by itself to where it was to go', async () => {
  const noor = await joinsByMail('noor@example.com');
  await noor.context.clearCookies();
  await noor.page.goto(`${office.origin}/console/account`);
  await asksForLink(noor, 'noor@example.com');
  const second = await sitDown(noor.context);
  await second.page.goto(linkIn(await office.mailbox.mailTo('noor@example.com', 2)));
  await second.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await second.reads('Your access');

  await noor.page.bringToFront();
  await noor.page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
  await noor.reads('Sign-in and passkeys');
  expect(second.complaints).toEqual([]);
  await noor.leaves();
});

test('T19: an address that signs nobody in is shown the same page, and gets no mail', async () => {
  await (await joinsByMail('known@example.com')).leaves();
  const shown: Record<string, string> = {};
  for (const email of ['known@example.com', 'nobody@example.com']) {
    const visitor = await office.window();
    await visitor.page.goto(`${office.origin}/console/sign-in`);
    await asksForLink(visitor, email);
    shown[email] = (await visitor.page.getByRole('main').innerText()).replace(email, '…');
    expect(await visitor.context.cookies()).toEqual([]);
    await visitor.leaves();
  }
  expect(shown['nobody@example.com']).toBe(shown['known@example.com']);
  await office.mailbox.mailTo('known@example.com', 2);
  expect(office.mailbox.peer.received.flatMap(({ to }) => to)).not.toContain('nobody@example.com');
});

test('what is no address is said at the field, which has the focus', async () => {
  const visitor = await office.window();
  const { page } = visitor;
  await page.goto(`${office.origin}/console/sign-in`);
  const field = page.getByLabel('Your e-mail address');
  await page.getByRole('button', { name: 'Mail me a link' }).click();
  await page.getByText('Enter your e-mail address, such as mei@example.com.').waitFor();
  expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await field.fill('mei@example');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('This is no e-mail address.').waitFor();
  await visitor.leaves();
});

test('who signs out is out at once, also for the page before', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('organization'));
  await ada.reads('Organization');
  await ada.page.getByRole('button', { name: 'You: ada@example.com' }).click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await ada.reads('Sign in');
  expect(await ada.context.cookies()).toEqual([]);
  await ada.page.goBack();
  await ada.reads('Sign in');
  expect(await ada.page.getByText('Acme').count()).toBe(0);
  await ada.leaves();
});

test('a link to a page is where one comes out after signing in, and a link to another site is not', async () => {
  for (const [next, expected] of [
    [`/o/${office.world.organizationId}/organization`, office.at('organization')],
    ['//evil.example/', office.at('people')],
    ['/\\evil.example', office.at('people')],
    ['https://evil.example/', office.at('people')],
    ['javascript:alert(1)', office.at('people')],
  ] as const) {
    const ada = await office.window({ as: 'ada@example.com' });
    await ada.page.goto(`${office.origin}/console/sign-in?next=${encodeURIComponent(next)}`);
    await ada.page.waitForURL((url) => !url.pathname.endsWith('/sign-in'));
    await ada.page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(() => ada.page.url(), { message: next }).toBe(expected);
    await ada.leaves();
  }
});

async function asksForLink(visitor: Visitor, email: string): Promise<void> {
  await visitor.page.getByLabel('Your e-mail address').fill(email);
  await visitor.page.getByRole('button', { name: 'Mail me a link' }).click();
  await visitor.reads('Look into your mailbox');
}

/** Joins by the mailed invitation, which is what makes somebody able to sign in by mail. */
async function joinsByMail(email: string): Promise<Visitor> {
  await office.world.invite(email);
  const visitor = await office.window();
  await visitor.page.goto(await office.mailbox.linkTo(email));
  await visitor.page.getByRole('button', { name: 'Join', exact: true }).click();
  await visitor.reads('You’re in');
  return visitor;
}
