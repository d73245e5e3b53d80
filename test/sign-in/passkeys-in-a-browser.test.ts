import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOperatorLink } from '../../server/src/usecases/sign-in/make-operator-link.ts';
import { openBrowser } from '../browser.ts';
import { plugIn } from '../console/authenticator.ts';
import { ownAddress } from '../mailbox/mailbox.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let browser: Browser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  const { PORT } = await ownAddress();
  // Browsers know no passkeys of addresses, only of names.
  const origin = `http://localhost:${PORT}`;
  world = await startWorld({ PORT, PUBLIC_URL: origin });
  browser = await openBrowser();
  context = await browser.newContext();
  page = await context.newPage();
  await page.goto(`${origin}/join`);
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

test('a browser makes a passkey from the options it is given, and signs in with it', async () => {
  const authenticator = await plugIn(page);
  await authenticator.isAttended(true);
  await world.join('ada.browser@example.com', { permissions: ['contacts:view'] });
  const link = await makeOperatorLink(world.server.services, 'ada.browser@example.com');
  expect(await ask('POST', '/sign-in', { token: link.slice(link.indexOf('#') + 1) })).toMatchObject({ status: 200 });

  const { body: creation } = await ask('POST', '/passkeys/options');
  const made = await create(creation.options);
  expect(await ask('POST', '/passkeys', { name: 'This browser', response: made })).toMatchObject({ status: 201 });
  expect(await authenticator.credentials()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }]);

  const { body: again } = await ask('POST', '/passkeys/options');
  await expect(create(again.options), 'an authenticator that has one makes no second').rejects.toThrow(
    'InvalidStateError',
  );

  await ask('DELETE', '/session');
  expect(await ask('GET', '/session')).toMatchObject({ status: 401 });
  for (let time = 0; time < 2; time++) {
    const { body: request } = await ask('POST', '/sign-in/passkey/options');
    const answer = await get(request.options);
    expect(await ask('POST', '/sign-in/passkey', { response: answer })).toMatchObject({
      status: 200,
      body: { email: 'ada.browser@example.com' },
    });
  }
  expect(await ask('GET', '/session')).toMatchObject({ body: { method: 'passkey' } });
});

/** Sends a request as a script of our own pages would. */
function ask(method: string, path: string, body?: unknown) {
  return page.evaluate(
    async ([method, path, body]) => {
      const response = await fetch(`/v3${path}`, {
        method,
        headers: { 'latchkey-session': '1', ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body }),
      });
      return { status: response.status, body: await response.json() };
    },
    [method, path, body === undefined ? undefined : JSON.stringify(body)] as const,
  );
}

const create = (options: PublicKeyCredentialCreationOptionsJSON) =>
  page.evaluate(async (json) => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    return made.toJSON();
  }, options);

const get = (options: PublicKeyCredentialRequestOptionsJSON) =>
  page.evaluate(async (json) => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
    const answer = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    return answer.toJSON();
  }, options);
