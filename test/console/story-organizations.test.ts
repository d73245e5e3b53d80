import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Office, openOffice, type Visitor } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.owner.put('/organization', { name: 'Acme' });
});
afterAll(() => office?.close());

test('somebody in several organizations switches between them, each with its own access', async () => {
  const { world } = office;
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Babbage Works',
    email: 'mei@example.com',
    plan: 'standard',
  });
  const mei = await office.window();
  await joins(mei, await office.mailbox.linkTo('mei@example.com'));
  await mei.reads('People');
  expect(mei.page.url()).toBe(office.at('people', made.body.id));

  await world.invite('mei@example.com', { permissions: ['contacts:view'] });
  await joins(mei, await office.mailbox.linkTo('mei@example.com', 2));
  await mei.page.getByRole('button', { name: 'Organization: Babbage Works. Change' }).click();
  await mei.page.getByRole('menuitem', { name: 'Acme' }).click();
  await mei.reads('Your access');
  expect(mei.page.url()).toBe(office.at('own-access'));
  expect(await places(mei)).toEqual(['Your access']);

  // The one last looked at is the one to begin with.
  await mei.page.goto(`${office.origin}/`);
  await mei.reads('Your access');
  await mei.page.getByRole('button', { name: 'Organization: Acme. Change' }).click();
  await mei.page.getByRole('menuitem', { name: 'Babbage Works' }).click();
  await mei.reads('People');
  expect(await places(mei)).toEqual(['People', 'Activity', 'Outbox', 'API keys', 'Organization', 'Your access']);
  await mei.leaves();
});

test('a link to a page of an organization that one is no member of is explained, and shows nothing of it', async () => {
  const { body } = await office.world.partner.post('/corporate/subAccount', {
    companyName: 'Strangers',
    email: 'olga@example.com',
    plan: 'standard',
  });
  const ada = await office.window({ as: 'ada@example.com' });
  for (const id of [body.id, '0198c0de-0000-7000-8000-000000000001', 'nonsense']) {
    await ada.page.goto(office.at('people/olga%40example.com', id));
    await ada.page.getByText('This organization is not one of yours').waitFor();
    expect(await ada.page.locator('body').innerText()).not.toContain('Strangers');
  }
  await ada.leaves();
});

test('who administers nothing sees only what they may do, whatever address they open', async () => {
  await office.world.join('noor@example.com', { permissions: ['contacts:view', 'contacts:export'] });
  const noor = await office.window({ as: 'noor@example.com' });
  const refused: string[] = [];
  noor.page.on('response', (response) => response.status() === 403 && refused.push(response.url()));
  await noor.page.goto(`${office.origin}/console/`);
  await noor.reads('Your access');
  expect(await places(noor)).toEqual(['Your access']);
  await noor.page.getByText(/^Contacts: /).waitFor();
  expect(refused).toEqual([]);

  for (const page of ['people', 'activity', 'outbox', 'keys', 'people/invite', 'people/olga%40example.com']) {
    await noor.page.goto(office.at(page));
    await noor.page.getByRole('heading', { level: 1 }).waitFor();
    await noor.page.waitForLoadState('networkidle');
    const shown = await noor.page.getByRole('main').innerText();
    expect(shown, page).toMatch(/may not|permission/i);
    expect(shown, page).not.toContain('ada@example.com');
  }
  await noor.leaves();
});

test('what stands in an address and makes no sense is passed over', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  const refused: string[] = [];
  ada.page.on('response', (response) => response.status() >= 400 && refused.push(response.url()));
  for (const page of ['people', 'activity', 'outbox', 'keys', 'people/ada%40example.com', 'organization']) {
    const nonsense =
      'status={"a":1}&state=[]&sort=<b>&search[]=1&email={}&action=none&from=never&tab=nothing&create=7&x=1';
    await ada.page.goto(`${office.at(page)}?${nonsense}`);
    await ada.page.getByRole('heading', { level: 1 }).waitFor();
    await ada.page.waitForLoadState('networkidle');
    expect(
      await ada.page
        .getByRole('alert')
        .filter({ hasText: /did not work|went wrong/ })
        .count(),
      page,
    ).toBe(0);
  }
  expect(refused).toEqual([]);
  await ada.leaves();
});

test('the organization gets another name, which is on every page at once, and the next mail', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(office.at('organization'));
  await ada.page.getByLabel('Name').fill('Analytical Engines');
  await ada.page.getByText('You have changes that are not saved.').waitFor();
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await ada.page.getByText('The organization was changed.').waitFor();
  await ada.page.getByRole('complementary').getByText('Analytical Engines').waitFor();

  await office.world.invite('grace@example.com');
  const { parsed } = await office.mailbox.mailTo('grace@example.com');
  expect(parsed.subject).toContain('Analytical Engines');
  await ada.leaves();
});

test('what an empty name or an unsafe address is missing is said in the form, and nothing is saved', async () => {
  const ada = await office.window({ as: 'ada@example.com' });
  const before = (await office.world.owner.get('/account')).body;
  await ada.page.goto(office.at('organization'));
  await ada.page.getByLabel('Name').fill(' ');
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await ada.page.getByText('Give it a name.').waitFor();
  await ada.page.getByRole('button', { name: 'Discard' }).click();
  for (const address of ['javascript:alert(1)', 'http://evil.example/', 'https://ada:secret@app.example.com/']) {
    await ada.page.getByLabel('Where people go after joining').fill(address);
    await ada.page.getByRole('button', { name: 'Save' }).click();
    await ada.page.getByRole('alert').getByText('Use an address that begins with https://').waitFor();
  }
  expect((await office.world.owner.get('/account')).body).toEqual(before);
  await ada.leaves();
});

test('seats are counted as people join, and a full plan says what that means', async () => {
  const { world } = office;
  const made = await world.partner.post('/corporate/subAccount', {
    companyName: 'Small Works',
    email: 'hedy@example.com',
    plan: 'standard',
  });
  const hedy = await office.window();
  await joins(hedy, await office.mailbox.linkTo('hedy@example.com'));
  await hedy.reads('People');
  await hedy.page.getByRole('link', { name: 'Organization' }).click();
  await hedy.page.getByText('1 of 3 seats taken').waitFor();
  for (const name of ['one', 'two']) {
    const email = `${name}@example.com`;
    await world.partnerIn(made.body.id).post('/organization/user/invitation/send', {
      email,
      all_features_access: false,
      privileges: [{ feature: 'contacts', permissions: ['view'] }],
    });
    const token = await world.token(email, made.body.id);
    await world.anonymous.post('/organization/user/invitation/accept', { token });
  }
  await hedy.page.reload();
  await hedy.page.getByText('3 of 3 seats taken').waitFor();
  await hedy.page.getByText('Every seat is taken: nobody else can join').waitFor();
  await hedy.leaves();
});

async function joins(visitor: Visitor, link: string): Promise<void> {
  await visitor.page.goto(link);
  await visitor.page.getByRole('button', { name: 'Join', exact: true }).click();
  await visitor.page.getByRole('link', { name: 'Go to your team' }).click();
}

const places = ({ page }: Visitor) => page.getByRole('navigation', { name: 'Main' }).getByRole('link').allInnerTexts();
