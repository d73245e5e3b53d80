// Takes pictures of the console: `npm run screenshots`. Those that README.md and the guides show go to docs/images, all others to
// node_modules/.cache/screenshots. ONLY=people,keys WIDTHS=390 SCHEMES=dark LANGUAGES=fr take fewer, or others.
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { openBrowser } from '../test/browser.ts';
import { type AcmeRockets, cast, openAcmeRockets } from '../test/console/cast.ts';
import { dialogs, type Place, pages } from '../test/console/places.ts';

/** What README.md and the guides show, and of which place that is. */
const shown = new Map([
  ['people-1440-light', 'people'],
  ['people-1440-dark', 'people'],
  ['people-390-light', 'people'],
  ['invite-1440-light', 'invite-filled'],
  ['member-1440-light', 'member-changed'],
  ['activity-1440-light', 'activity'],
  ['keys-1440-light', 'keys'],
  ['sign-in-390-light', 'sign-in'],
  ['own-access-390-dark', 'own-access-of-mei'],
  ['reference-1440-light', 'reference'],
]);
/** No WebP is higher. */
const mostPixels = 16_383;
const folders = { shown: 'docs/images', others: 'node_modules/.cache/screenshots' };

const listed = (name: string, otherwise: string): string[] => (process.env[name] ?? otherwise).split(',');
const only = process.env.ONLY?.split(',');
const ownAccess: Place = { name: 'own-access-of-mei', as: cast.mei, url: (office) => office.at('own-access') };
const reference: Place = { name: 'reference', as: cast.ada, url: ({ origin }) => `${origin}/reference` };
const places = [...pages, ...dialogs, ownAccess, reference].filter(({ name }) => !only || only.includes(name));

let acme: AcmeRockets;
beforeAll(async () => {
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  await writeWithTheBrowsersOwnFont();
  acme = await openAcmeRockets();
});
afterAll(() => acme?.close());

for (const language of listed('LANGUAGES', 'en'))
  for (const width of listed('WIDTHS', '390,820,1440').map(Number))
    for (const scheme of listed('SCHEMES', 'light,dark') as ('light' | 'dark')[])
      test(`${width} ${scheme} ${language}`, async () => {
        for (const place of places) await picture(place, { width, scheme, language });
      });

async function picture(place: Place, look: { width: number; scheme: 'light' | 'dark'; language: string }) {
  const { width, scheme, language } = look;
  const visitor = await acme.window({
    ...(place.as !== undefined && { as: place.as }),
    viewport: { width, height: width < 500 ? 844 : 900 },
    colorScheme: scheme,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    deviceScaleFactor: 1,
  });
  const { page } = visitor;
  try {
    await page.goto(await place.url(acme));
    await page.getByRole('heading').first().waitFor();
    await page.waitForLoadState('networkidle');
    await place.does?.(page);
    // Or it would be there in some pictures and not in others.
    await page.evaluate(() => document.documentElement.style.setProperty('caret-color', 'transparent'));
    await takeThoseShown(page, place, `${width}-${scheme}${language === 'en' ? '' : language}`);
    if (!place.does) await makeRoomForAllOf(page);
    await page.waitForTimeout(250);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (overflow > 0) console.warn(`${place.name} at ${width} is ${overflow} px wider than the window`);
  } catch (error) {
    console.warn(`${place.name} at ${width}: ${String(error).split('\n')[0]}`);
  }
  const name = [place.name, width, scheme, ...(language === 'en' ? [] : [language])].join('-');
  await take(page, `${folders.others}/${name}.webp`);
  if (visitor.complaints.length > 0) console.warn(`${name}: ${visitor.complaints.join('\n')}`);
  await visitor.context.close();
}

/** As it is when one comes there: the window, and no more. */
async function takeThoseShown(page: Page, place: Place, look: string): Promise<void> {
  for (const [name, of] of shown)
    if (of === place.name && name.endsWith(`-${look}`)) {
      await page.evaluate(() => scrollTo(0, 0));
      await page.waitForTimeout(500);
      await take(page, `${folders.shown}/${name}.webp`);
    }
}

/** As the browser itself can write it: letters are as sharp as in a PNG, which is twice as large. */
async function take(page: Page, path: string): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { data } = await browser.send('Page.captureScreenshot', { format: 'webp', quality: 75 });
  await browser.detach();
  writeFileSync(path, Buffer.from(data, 'base64'));
}

/** Rather than a picture of more than the window, in which what stays in the window would end with it. */
async function makeRoomForAllOf(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const needed = await page.evaluate(() => document.documentElement.scrollHeight);
  if (needed > height) await page.setViewportSize({ width, height: Math.min(needed, mostPixels) });
}

/** The pictures look the same wherever they are taken. */
async function writeWithTheBrowsersOwnFont(): Promise<void> {
  // Unpacks it, where nobody has so far.
  await (await openBrowser()).close();
  const [fonts] = globSync('node_modules/.cache/chromium-*/fonts/fonts');
  if (!fonts) return;
  const file = resolve('node_modules/.cache/screenshots.fonts.conf');
  const prefer = (family: string): string =>
    `<alias binding="strong"><family>${family}</family><prefer><family>Open Sans</family></prefer></alias>`;
  writeFileSync(
    file,
    `<fontconfig><dir>${resolve(fonts)}</dir><dir>/usr/share/fonts</dir><cachedir>${resolve('node_modules/.cache/fonts')}</cachedir>
     ${prefer('system-ui')}${prefer('sans-serif')}</fontconfig>`,
  );
  process.env.FONTCONFIG_FILE = file;
}
