import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { allRows } from '../access/rows-of.ts';
import { openForeignSite } from './foreign-site.ts';
import { type Office, openOffice, sitDown } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.world.join('mei@example.com', { permissions: ['contacts:view'] });
  await office.world.join('olga@example.com', { owner: true });
});
afterAll(() => office?.close());

const places = ['sameSite', 'origin'] as const;

/** What gets as far as the server. For the rest browsers ask first whether they may, and may not. */
const reached = [
  'leave',
  'ownership/step-down',
  'ownership/give',
  'user/invitation/send',
  'api-keys',
  'invited/users',
].map((path) => `/v3/organization/${path}`);

test.each(places)('a page elsewhere (%s) changes nothing with the cookie of whoever visits it', async (place) => {
  const { at, world, origin } = office;
  const olga = await office.window({ as: 'olga@example.com' });
  await olga.page.goto(at('own-access'));
  await olga.reads('Your access');
  const [cookie] = await olga.context.cookies();
  const before = await allRows(world.database);

  const foreign = await openForeignSite('<h1>Win a bicycle</h1><iframe name="hidden"></iframe>');
  const evil = await sitDown(olga.context);
  await evil.page.goto(foreign[place]);
  const refused: { path: string; status: number; sent: string }[] = [];
  evil.page.on('response', async (response) => {
    const { pathname: path } = new URL(response.url());
    const { cookie: sent = '' } = await response.request().allHeaders();
    refused.push({ path, status: response.status(), sent });
  });
  const answers = await evil.page.evaluate(tryEverything, { origin, organizationId: world.organizationId });
  expect(answers.filter((answer) => !answer.endsWith(': no answer'))).toEqual([]);
  expect(refused.map(({ path }) => path)).toEqual(expect.arrayContaining(reached));
  expect(refused.filter(({ status }) => status < 400)).toEqual([]);
  const withCookie = refused.filter(({ sent }) => sent.includes(cookie?.value ?? '-'));
  expect(withCookie.length > 0, 'that the browser sent the cookie').toBe(place === 'sameSite');
  expect(await allRows(world.database)).toEqual(before);
  expect(await olga.context.cookies()).toContainEqual(cookie);

  await olga.page.bringToFront();
  await olga.page.reload();
  await olga.reads('Your access');
  await olga.leaves();
});

test.each(places)('a page elsewhere (%s) cannot sign anybody in as somebody else', async (place) => {
  const link = await makeOperatorLink(office.world.server.services, 'mei@example.com');
  const token = link.slice(link.indexOf('#') + 1);
  const ada = await office.window({ as: 'ada@example.com' });
  const foreign = await openForeignSite('<h1>Win a bicycle</h1>');
  const evil = await sitDown(ada.context);
  await evil.page.goto(foreign[place]);
  await evil.page.evaluate(
    async ([url, body]) => {
      await fetch(url, { method: 'POST', credentials: 'include', mode: 'no-cors', body }).catch(() => null);
      navigator.sendBeacon(url, new Blob([body], { type: 'text/plain' }));
      const headers = { 'content-type': 'application/json', 'latchkey-session': '1' };
      await fetch(url, { method: 'POST', credentials: 'include', headers, body }).catch(() => null);
    },
    [`${office.origin}/v3/sign-in`, JSON.stringify({ token })] as const,
  );
  await ada.page.goto(office.at('own-access'));
  await ada.page.getByRole('button', { name: 'You: ada@example.com' }).waitFor();
  const still = await office.world.anonymous.post('/sign-in/inspect', { token });
  expect(still.body).toMatchObject({ state: 'open', email: 'mei@example.com' });
  await ada.leaves();
});

test.each(places)('no page of ours appears within a page elsewhere (%s)', async (place) => {
  const paths = [
    '/console/',
    '/console/sign-in',
    '/join',
    '/reference',
    `/console/o/${office.world.organizationId}/people`,
  ];
  const frames = paths.map((path) => `<iframe src="${office.origin}${path}"></iframe>`).join('');
  const foreign = await openForeignSite(`<h1>Click here</h1>${frames}`);
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(foreign[place], { waitUntil: 'load' });
  await ada.page.waitForTimeout(500);
  const framed = ada.page.frames().filter((frame) => frame !== ada.page.mainFrame());
  expect(framed).toHaveLength(paths.length);
  for (const frame of framed) expect(frame.url()).toBe('chrome-error://chromewebdata/');
  await ada.context.close();
});

test('a page elsewhere that opens ours has no hold on it, and ours does not know where it came from', async () => {
  const foreign = await openForeignSite('<h1>Click here</h1>');
  const ada = await office.window({ as: 'ada@example.com' });
  await ada.page.goto(foreign.sameSite);
  const [opened] = await Promise.all([
    ada.context.waitForEvent('page'),
    ada.page.evaluate((url) => {
      Reflect.set(globalThis, 'opened', window.open(url));
    }, office.at('people')),
  ]);
  await opened.getByRole('heading', { level: 1, name: 'People' }).waitFor();
  expect(await opened.evaluate(() => window.opener)).toBeNull();
  expect(await ada.page.evaluate(() => Reflect.get(globalThis, 'opened').closed), 'as if it were gone').toBe(true);
  await ada.context.close();
});

/** All that a page can send without being allowed to, and what it came to. Runs in the page elsewhere. */
async function tryEverything({
  origin,
  organizationId,
}: {
  origin: string;
  organizationId: string;
}): Promise<string[]> {
  const requests: [string, string, string?][] = [
    ['POST', '/v3/organization/leave', '{}'],
    ['POST', '/v3/organization/ownership/step-down', '{}'],
    ['POST', '/v3/organization/ownership/give', '{"email":"mei@example.com"}'],
    ['POST', '/v3/organization/user/invitation/send', '{"email":"evil@evil.example","all_features_access":true}'],
    ['PUT', '/v3/organization/user/invitation/revoke/mei@example.com'],
    ['PUT', '/v3/organization', '{"name":"Evil"}'],
    ['POST', '/v3/organization/api-keys', '{"name":"evil","all_features_access":true}'],
    ['DELETE', '/v3/session'],
    ['GET', '/v3/session'],
    ['GET', '/v3/organization/invited/users'],
    ['GET', '/v3/organization/activities/export'],
  ];
  const answers: string[] = [];
  const asks = async (name: string, url: string, init: RequestInit): Promise<void> => {
    const answer = await fetch(url, { credentials: 'include', ...init }).then(
      (response) => (response.type === 'opaque' ? 'no answer' : `${response.status}`),
      () => 'no answer',
    );
    answers.push(`${name} ${init.method}: ${answer}`);
  };
  for (const [method, path, body] of requests) {
    const url = origin + path;
    const simple = { method, ...(body !== undefined && { body }) };
    const json = { 'content-type': 'application/json' };
    const ours = { ...json, 'latchkey-session': '1', 'organization-id': organizationId };
    if (method === 'POST' || method === 'GET') await asks(`simple ${path}`, url, { ...simple, mode: 'no-cors' });
    await asks(`asking first ${path}`, url, { ...simple, headers: ours });
    await asks(`JSON ${path}`, url, { ...simple, headers: json });
    if (body === undefined) continue;
    navigator.sendBeacon(url, body);
    for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const form = document.createElement('form');
      Object.assign(form, { action: url, method: 'post', enctype, target: 'hidden' });
      const field = document.createElement('input');
      Object.assign(field, { name: `${body.slice(0, -1)}${body === '{}' ? '' : ','}"x":"`, value: '"}' });
      form.append(field);
      document.body.append(form);
      form.submit();
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  return answers;
}
