import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { allRows } from '../access/rows-of.ts';
import { openForeignSite } from './foreign-site.ts';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

const revealed = async (email: string): Promise<string> =>
  (await office.world.owner.post(`/organization/user/invitation/link/${encodeURIComponent(email)}`)).body.link;
const tokenIn = (link: string): string => link.slice(link.indexOf('#') + 1);

test('T20: neither looking at links, nor running what they lead to, nor fetching them ahead uses them up', async () => {
  const { world, mailbox } = office;
  await world.invite('mei@example.com');
  const invitation = await mailbox.linkTo('mei@example.com');
  const signIn = await makeOperatorLink(world.server.services, 'ada@example.com');
  const before = await allRows(world.database);
  for (const link of [invitation, signIn]) {
    const heads = ['prefetch', 'prerender', 'preload', 'modulepreload']
      .map((rel) => `<link rel="${rel}" as="fetch" href="${link}">`)
      .join('');
    const foreign = await openForeignSite(`${heads}<img src="${link}"><a href="${link}">Look</a>`);
    const scanner = await office.window();
    await scanner.page.goto(foreign.sameSite);
    await scanner.page.getByRole('link', { name: 'Look' }).hover();
    for (const method of ['GET', 'HEAD'])
      await scanner.page.evaluate(
        ([url, method]) => fetch(url, { mode: 'no-cors', method }).catch(() => 'not for pages elsewhere'),
        [link, method] as const,
      );
    // Some scanners are browsers, and run what there is; but they press nothing that is not a link.
    for (let time = 0; time < 2; time++) {
      await scanner.page.goto(link);
      await scanner.page.getByRole('button').first().waitFor();
      await scanner.page.goto('about:blank');
    }
    await scanner.context.close();
  }
  expect(await allRows(world.database)).toEqual(before);

  const ada = await office.window();
  await ada.page.goto(signIn);
  await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.reads('People');
  await ada.leaves();
});

test('T22: a sign-in link outlives everything but its use: loading again, refusing it, going elsewhere', async () => {
  const link = await makeOperatorLink(office.world.server.services, 'ada@example.com');
  const ada = await office.window();
  await ada.page.goto(link);
  await ada.reads('Sign in as ada@example.com');
  await ada.page.reload();
  await ada.reads('Sign in');
  await ada.page.goto(link);
  await ada.page.getByRole('button', { name: 'That is not me' }).click();
  await ada.reads('Sign in');
  await ada.page.goto(office.at('organization'));
  await ada.reads('Sign in');
  // Pasted into a window that shows the sign-in page already, only what follows the # is new.
  await ada.page.evaluate((hash) => {
    location.hash = hash;
  }, tokenIn(link));
  await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.reads('Organization');
  await ada.leaves();
});

test('T6: a sign-in link of which a letter was changed says so, and signs nobody in', async () => {
  const link = await makeOperatorLink(office.world.server.services, 'ada@example.com');
  const ada = await office.window();
  for (const wrong of [link.slice(0, -1) + (link.endsWith('A') ? 'B' : 'A'), link.slice(0, -3), `${link}AAAA`]) {
    await ada.page.goto('about:blank');
    await ada.page.goto(wrong);
    await ada.reads('This link does not work');
  }
  expect(await ada.context.cookies()).toEqual([]);
  await ada.leaves();
});

test('T2, T5: joining by a revealed link binds nobody, and no answer carries a credential', async () => {
  await office.world.invite('noor@example.com');
  const link = await revealed('noor@example.com');
  const somebody = await office.window();
  const answers = recordAnswers(somebody);
  await somebody.page.goto(link);
  await somebody.page.getByRole('button', { name: 'Join', exact: true }).click();
  await somebody.reads('You’re in');
  expect(await somebody.context.cookies()).toEqual([]);
  expect(await identityOf('noor@example.com')).toBeNull();
  for (const { headers, body } of await answers()) {
    expect(headers['set-cookie']).toBeUndefined();
    expect(body).not.toMatch(/secret|api.?key|cookie|token/i);
    expect(body).not.toContain(tokenIn(link));
  }
  await somebody.leaves();
});

test('T3: whoever else is signed in redeems nothing, revealed or mailed, and it is written down', async () => {
  await office.world.invite('grace@example.com');
  await office.world.join('lucy@example.com', { permissions: ['contacts:view'] });
  const lucy = await office.window({ as: 'lucy@example.com' });
  for (const link of [await revealed('grace@example.com'), await office.mailbox.linkTo('grace@example.com')]) {
    await lucy.page.goto('about:blank');
    await lucy.page.goto(link);
    await lucy.page.getByRole('button', { name: 'Join', exact: true }).click();
    await lucy.reads('This invitation is for another address');
  }
  expect(await identityOf('grace@example.com')).toBeNull();
  const { body } = await office.world.owner.get('/organization/activities?email=grace%40example.com&outcome=refused');
  expect(body.logs.map(({ details }: { details: { reason: string } }) => details.reason)).toEqual([
    'signed_in_as_another',
    'signed_in_as_another',
  ]);
  await lucy.page.goto(office.at('own-access'));
  await lucy.page.getByRole('button', { name: 'You: lucy@example.com' }).waitFor();
  await lucy.leaves();
});

test('T4: nobody is taken into an organization because they sign in with an address that somebody used there', async () => {
  const { world, mailbox } = office;
  await world.invite('hedy@example.com');
  const hedy = await office.window();
  await hedy.page.goto(await mailbox.linkTo('hedy@example.com'));
  await hedy.page.getByRole('button', { name: 'Join', exact: true }).click();
  await hedy.reads('You’re in');
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Not hers',
    email: 'olga@example.com',
    plan: 'standard',
  });
  await world.join('hedy@example.com', { all: true }, made.body.id);

  await hedy.context.clearCookies();
  await hedy.page.goto(`${office.origin}/console/sign-in`);
  await hedy.page.getByLabel('Your e-mail address').fill('hedy@example.com');
  await hedy.page.getByRole('button', { name: 'Mail me a link' }).click();
  await hedy.page.goto(await mailbox.linkTo('hedy@example.com', 2));
  await hedy.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await hedy.reads('Your access');
  expect(hedy.page.url()).toBe(office.at('own-access'));
  expect(await hedy.page.getByRole('button', { name: /^Organization: / }).count()).toBe(0);
  await hedy.page.goto(office.at('people', made.body.id));
  await hedy.page.getByText('This organization is not one of yours').waitFor();
  await hedy.leaves();
});

test('T21, T34: after joining one goes on to the organization’s own address, by a click, and it learns nothing', async () => {
  const product = await openForeignSite('<h1>The product</h1>');
  const own = `${product.sameSite}/welcome`;
  await office.world.owner.put('/organization', { redirect_url: own });
  await office.world.invite('tomas@example.com');
  const link = new URL(await office.mailbox.linkTo('tomas@example.com'));
  link.search = '?redirect_url=https://evil.example/&next=https://evil.example/&return_to=//evil.example/';
  const tomas = await office.window();
  await tomas.page.goto(link.href);
  await tomas.page.getByRole('button', { name: 'Join', exact: true }).click();
  await tomas.reads('You’re in');
  const links = await tomas.page
    .getByRole('link')
    .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).href));
  expect(links).toEqual([own, `${office.origin}/console/`]);
  await tomas.page.waitForTimeout(1_000);
  expect(product.requests, 'nobody is sent on by themselves').toEqual([]);

  await tomas.page.getByRole('link', { name: /^Continue to/ }).click();
  await tomas.page.getByRole('heading', { name: 'The product' }).waitFor();
  const [request] = product.requests;
  expect(request?.url).toBe('/welcome');
  expect(request?.headers.referer).toBeUndefined();
  expect(await tomas.page.evaluate(() => document.referrer)).toBe('');
  await tomas.leaves();
});

/** All that the server answers to a window, with its bodies. */
function recordAnswers({ page }: Visitor): () => Promise<{ headers: Record<string, string>; body: string }[]> {
  const answers: Promise<{ headers: Record<string, string>; body: string }>[] = [];
  page.on('response', (response) => {
    if (!response.url().includes('/v3/')) return;
    answers.push(Promise.all([response.allHeaders(), response.text()]).then(([headers, body]) => ({ headers, body })));
  });
  return () => Promise.all(answers);
}

async function identityOf(email: string): Promise<string | null | undefined> {
  const [row] = await office.world.database.sql<{ identity_id: string | null }>(
    'select identity_id from member where email = $1',
    [email],
  );
  return row?.identity_id;
}
