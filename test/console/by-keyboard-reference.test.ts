import { afterAll, beforeAll, expect, test } from 'vitest';
import { withoutMouse } from './keyboard-user.ts';
import { type Office, openOffice } from './open-console.ts';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office?.close());

test('in the API reference a key is entered, an operation looked up, and a request sent, and the window for that left again', {
  timeout: 180_000,
}, async () => {
  const user = await withoutMouse(await office.window({ viewport: { width: 1400, height: 1000 } }));
  const { page } = user;
  await page.goto(`${office.origin}/reference`);
  await page.getByText('Introduction').first().waitFor();
  await user.uses(page.getByRole('textbox', { name: /value/i }).first());
  await user.types(office.world.ownerKey);
  await user.usesBefore(page.getByRole('button', { name: 'Organization' }).first());
  await user.uses(page.getByRole('link', { name: /Whose key is this/ }).first());
  const tryIt = page.getByRole('button', { name: /Test Request.*\/account\)/ });
  await user.uses(tryIt);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/v3/account')),
    user.uses(page.getByRole('button', { name: /^Send/ }).first()),
  ]);
  expect(answer.status()).toBe(200);
  await page.getByText('200 OK').first().waitFor();
  await user.presses('Escape');
  await user.isAt(tryIt);
  expect(await page.locator('main.references-rendered').evaluate((part: HTMLElement) => part.inert)).toBe(false);
  await user.leaves();
});
