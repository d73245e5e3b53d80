import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

/** Runs where it becomes markup, and as an address where it becomes one. */
const hostile = `javascript:alert(1)//"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}`;
/** As much of it as an address can have. */
const hostileAddress = `'{{7*7}}&lt=img/onerror=alert@example.com`;
const hostileProgram = '<img src=x onerror=alert(1)>';

let office: Office;
let otherOrganization: string;
beforeAll(async () => {
  office = await openOffice();
  const { world } = office;
  await world.owner.put('/organization', { name: hostile });
  await world.owner.post('/organization/api-keys', {
    name: hostile,
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view'] }],
  });
  await world.join('olga@example.com', { all: true });
  await world.owner.put('/organization/user/olga@example.com', { external_id: hostile.slice(0, 100) });
  await world.invite(hostileAddress);
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: `${hostile} the second`,
    email: 'olga@example.com',
    plan: 'standard',
  });
  otherOrganization = made.body.id;
  const token = await world.token('olga@example.com', otherOrganization);
  await world.anonymous.post('/organization/user/invitation/accept', { token });
});
afterAll(() => office?.close());

test('T34: whatever a name says, it is text on every page', async () => {
  const olga = await office.window({ as: 'olga@example.com', userAgent: hostileProgram });
  const { page } = olga;
  await page.goto(`${office.origin}/console/account`);
  await addsPasskey(olga);
  await page.getByText(hostile.slice(0, 100)).first().waitFor();
  await isAllText(olga);

  const shown: [path: string, what: string][] = [
    ['people', hostileAddress],
    [`people/${encodeURIComponent(hostileAddress)}`, hostileAddress],
    [`people/${encodeURIComponent(hostileAddress)}?tab=history`, hostileAddress],
    ['people/olga%40example.com?tab=access', hostile],
    [`people/${encodeURIComponent(hostile)}`, hostile],
    ['people/invite', hostile],
    ['activity', hostileAddress],
    ['activity?action=api_key.created', hostile],
    ['outbox', hostileAddress],
    ['keys', hostile],
    ['organization', hostile],
    ['own-access', hostile],
    [hostile.replaceAll('/', ''), hostile],
  ];
  for (const [path, what] of shown) {
    await page.goto(office.at(path));
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForLoadState('networkidle');
    await opensWhatThereIs(olga);
    await expect.poll(() => textOf(olga), { message: path }).toContain(what);
    await isAllText(olga, path);
  }
  await olga.leaves();
});

test('T34: among the organizations to choose from, and in the window’s title', async () => {
  const olga = await office.window({ as: 'olga@example.com' });
  await olga.page.context().addCookies(await bothOrganizations());
  await olga.page.goto(office.at('own-access'));
  await olga.page.getByRole('button', { name: /^Organization: / }).click();
  await olga.page.getByRole('menuitem', { name: `${hostile} the second` }).waitFor();
  await isAllText(olga);
  expect(await olga.page.title()).toContain(hostile);
  await olga.leaves();
});

test('T34: on the join page, and in the mail', async () => {
  const somebody = await office.window();
  await somebody.page.goto(await office.mailbox.linkTo(hostileAddress));
  await somebody.page.getByRole('button', { name: 'Join', exact: true }).waitFor();
  expect(await textOf(somebody)).toContain('<img src=x onerror=alert(1)>');
  await isAllText(somebody);
  await somebody.page.getByRole('button', { name: 'Join', exact: true }).click();
  await somebody.reads('You’re in');
  await isAllText(somebody);
  await somebody.leaves();
  const { parsed } = await office.mailbox.mailTo(hostileAddress);
  expect(parsed.html || '').not.toMatch(/<img|<script/);
});

/** Rows that open, and tabs, so that what is in them is on the page. */
async function opensWhatThereIs({ page }: Visitor): Promise<void> {
  const closed = page.getByRole('main').locator('button[aria-expanded="false"]:not([aria-haspopup]):visible');
  for (let left = await closed.count(); left > 0; left--) await closed.first().click();
}

/** What is to be read, also in fields. */
const textOf = ({ page }: Visitor): Promise<string> =>
  page.evaluate(() => {
    const fields = [...document.querySelectorAll('input')].map(({ value }) => value);
    return [document.title, document.body.innerText, ...fields].join('\n');
  });

/** Nothing of a name has become an element or an attribute that does something, or an address to go to. */
async function isAllText({ page, complaints }: Visitor, where = ''): Promise<void> {
  const found = await page.evaluate(() =>
    [...document.querySelectorAll('*')]
      .filter(
        (element) =>
          (element instanceof HTMLImageElement && element.getAttribute('src') === 'x') ||
          (element instanceof HTMLScriptElement && !element.src) ||
          [...element.attributes].some(({ name }) => name.startsWith('on')) ||
          (element instanceof HTMLAnchorElement && element.protocol === 'javascript:'),
      )
      .map((element) => element.outerHTML),
  );
  expect(found, where).toEqual([]);
  expect(complaints, where).toEqual([]);
}

async function addsPasskey({ page }: Visitor): Promise<void> {
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(hostile);
  await dialog.getByRole('button', { name: 'Add a passkey' }).click();
}

/** A session of Olga's once she is bound to her identity in both organizations. */
async function bothOrganizations() {
  const { world, origin } = office;
  await world.signIn('olga@example.com');
  await world.database.sql(
    `update member m set identity_id = i.id from identity i where m.email = i.email and m.email = 'olga@example.com'`,
  );
  const { cookie } = await world.signIn('olga@example.com');
  const [name = '', value = ''] = cookie.split('=');
  return [{ name, value, url: origin, httpOnly: true, sameSite: 'Strict' as const }];
}
