import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { type JoinVisitor, opens } from '../mailbox/join-visitor.ts';
import { type Mailbox, startMailbox } from '../mailbox/mailbox.ts';

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

test('joining by the mailed link signs in, with a cookie that no script can read', async () => {
  await mailbox.world.invite('mei@example.com');
  const mei = await opens(browser, await mailbox.linkTo('mei@example.com'));
  await mei.button('Join').waitFor();
  expect(await cookies(mei)).toEqual([]);
  expect(await whoIsSignedIn(mei)).toBe(401);
  await mei.button('Join').click();
  await mei.reads('You’re in');

  const [cookie, ...others] = await cookies(mei);
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({
    name: 'latchkey-session',
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    value: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(await mei.page.evaluate(() => document.cookie)).toBe('');
  expect(await mei.page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).toBe('[{},{}]');
  expect(await mei.page.content()).not.toContain(cookie?.value);
  expect(mailbox.world.logged()).not.toContain(cookie?.value);
  expect(await whoIsSignedIn(mei)).toBe('mei@example.com');

  const way = mei.page.getByRole('link', { name: 'Go to your team' });
  expect(await way.evaluate((link: HTMLAnchorElement) => link.href)).toBe(`${mailbox.origin}/console/`);
  await mei.leaves();
});

test('a mailed link that was used does not sign anybody in again', async () => {
  await mailbox.world.invite('tomas@example.com');
  const link = await mailbox.linkTo('tomas@example.com');
  const tomas = await opens(browser, link);
  await tomas.button('Join').waitFor();
  const second = await opens(browser, link);
  await second.button('Join').waitFor();
  await tomas.button('Join').click();
  await tomas.reads('You’re in');

  // The page was open already, so it can still ask; the answer is the same, without a session.
  await second.button('Join').click();
  await second.reads('You’re in');
  expect(await second.page.getByRole('link').count()).toBe(0);
  expect(await cookies(second)).toEqual([]);
  expect(await whoIsSignedIn(second)).toBe(401);
  await second.page.reload();
  await second.reads('You have already joined');
  expect(await cookies(second)).toEqual([]);
  await second.leaves();

  expect(await whoIsSignedIn(tomas)).toBe('tomas@example.com');
  await tomas.leaves();
});

test('joining by a link that somebody revealed signs nobody in', async () => {
  await mailbox.world.invite('noor@example.com');
  const revealed = await mailbox.world.owner.post('/organization/user/invitation/link/noor%40example.com');
  const noor = await opens(browser, revealed.body.link);
  await noor.button('Join').click();
  await noor.reads('You’re in');
  expect(await noor.said()).toContain('You can close this page.');
  expect(await noor.page.getByRole('link').count()).toBe(0);
  expect(await cookies(noor)).toEqual([]);
  await noor.leaves();

  const mailed = await opens(browser, await mailbox.linkTo('noor@example.com'));
  await mailed.reads('You have already joined');
  expect(await cookies(mailed)).toEqual([]);
  await mailed.leaves();
});

test('T3: where somebody else is signed in, nobody joins until they have signed out and clicked once more', async () => {
  await mailbox.world.invite('grace@example.com');
  const grace = await opens(browser, 'about:blank');
  await adaSignsIn(grace.page.context());
  await grace.page.goto(await mailbox.linkTo('grace@example.com'));
  await grace.button('Join').click();
  await grace.reads('This invitation is for another address');
  expect(await grace.said()).toContain(
    'You are signed in as ada@example.com here, but this invitation is for grace@example.com. Nothing has been accepted.',
  );
  expect(await statusOf('grace@example.com')).toBe('pending');
  expect(await whoIsSignedIn(grace)).toBe('ada@example.com');
  const before = await cookies(grace);

  await grace.button('Sign out and continue').click();
  await grace.reads('ada@example.com invites you to join Analytical Engines');
  expect(await cookies(grace)).toEqual([]);
  expect(await statusOf('grace@example.com')).toBe('pending');
  await grace.button('Join').click();
  await grace.reads('You’re in');
  expect(await whoIsSignedIn(grace)).toBe('grace@example.com');
  expect(await statusOf('grace@example.com')).toBe('active');

  // Ada’s session is over everywhere, not only forgotten here.
  await grace.page.context().addCookies(before);
  expect(await whoIsSignedIn(grace)).toBe(401);
  await grace.leaves();
});

test('T3: declining works while somebody else is signed in, and leaves them signed in', async () => {
  await mailbox.world.invite('hedy@example.com');
  const hedy = await opens(browser, 'about:blank');
  await adaSignsIn(hedy.page.context());
  await hedy.page.goto(await mailbox.linkTo('hedy@example.com'));
  await hedy.button('Join').click();
  await hedy.reads('This invitation is for another address');
  await hedy.button('Back to the invitation').click();
  await hedy.button('Decline').click();
  await hedy.button('Yes, decline').click();
  await hedy.reads('Invitation declined');
  expect(await statusOf('hedy@example.com')).toBe('declined');
  expect(await whoIsSignedIn(hedy)).toBe('ada@example.com');
  await hedy.leaves();
});

test('who is signed in with the invited address already joins as ever', async () => {
  const partner = await mailbox.world.partner.post('/corporate/subAccount', {
    companyName: 'Small Works',
    email: 'mei@example.com',
    plan: 'free',
  });
  expect(partner.status).toBe(201);
  const mei = await opens(browser, 'about:blank');
  const { cookie } = await mailbox.world.signIn('mei@example.com');
  await addCookie(mei.page.context(), cookie);
  await mei.page.goto(await mailbox.linkTo('mei@example.com', 2));
  await mei.button('Join').click();
  await mei.reads('You’re in');
  expect(await whoIsSignedIn(mei)).toBe('mei@example.com');
  await mei.leaves();
});

const cookies = ({ page }: JoinVisitor) => page.context().cookies();

async function adaSignsIn(context: BrowserContext): Promise<void> {
  const { cookie } = await mailbox.world.signIn('ada@example.com');
  await addCookie(context, cookie);
}

/** @param pair `name=value` */
async function addCookie(context: BrowserContext, pair: string): Promise<void> {
  const [name = '', value = ''] = pair.split('=');
  await context.addCookies([{ name, value, url: mailbox.origin, httpOnly: true, sameSite: 'Strict' }]);
}

/** What the browser's session says: an address, or the status of the refusal. */
const whoIsSignedIn = ({ page }: JoinVisitor): Promise<string | number> =>
  page.evaluate(async () => {
    const reply = await fetch('/v3/session', { headers: { 'latchkey-session': '1' } });
    return reply.ok ? (await reply.json()).email : reply.status;
  });

async function statusOf(email: string): Promise<string | undefined> {
  const { body } = await mailbox.world.owner.get('/organization/invited/users');
  return body.users.find((user: { email: string }) => user.email === email)?.status;
}
