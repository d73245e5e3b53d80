import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { openBrowser } from '../test/browser.ts';
import { median, printTable } from './machine/print-table.ts';
import { quick, untilQuiet } from './machine/quiet.ts';
import { fillOrganization } from './product/fill-organization.ts';
import { type Latchkey, repository } from './product/latchkey.ts';
import { withLatchkey } from './product/with-latchkey.ts';

export const measures =
  'the people of an organization of 100,000 members in the console, in Chromium: from going there to rows that can be used.';

const members = 100_000;
const rounds = quick ? 5 : 15;
const execute = promisify(execFile);

export async function run(): Promise<object> {
  await execute(process.execPath, ['scripts/build-console.ts'], { cwd: repository });
  return withLatchkey(async ({ latchkey, database, closeLater }) => {
    await fillOrganization(database, members);
    const [organization] = await database.query('select id from organization');
    const office = { origin: `http://localhost:${latchkey.port}`, people: `/console/o/${organization?.id}/people` };
    const browser = await openBrowser();
    closeLater({ stop: () => browser.close() });
    const cookie = await signIn(latchkey, office.origin);
    await visit(browser, office, cookie, firstVisit);

    const figures: Record<string, number[]> = {};
    for (const [name, way] of Object.entries(ways)) {
      await untilQuiet();
      figures[name] = [];
      for (let round = 0; round < rounds; round++) figures[name].push(await visit(browser, office, cookie, way));
    }
    console.log(`  of ${members.toLocaleString('en')} members, 50 rows; ${rounds} times each`);
    printTable(
      ['ms until rows can be used', 'median', 'fastest', 'slowest'],
      Object.entries(figures).map(([name, times]) => [name, median(times), Math.min(...times), Math.max(...times)]),
    );
    return { members, figures };
  });
}

interface Office {
  origin: string;
  /** The path of the page. */
  people: string;
}

type Cookie = Parameters<BrowserContext['addCookies']>[0][number];

/** Milliseconds of one way to come to the list, in a browser that was never here before. */
async function visit(browser: Browser, office: Office, cookie: Cookie, way: Way): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  try {
    await context.addCookies([cookie]);
    await context.addInitScript(watchRows);
    return await way(await context.newPage(), office);
  } finally {
    await context.close();
  }
}

type Way = (page: Page, office: Office) => Promise<number>;

const firstVisit: Way = async (page, { origin, people }) => {
  await page.goto(origin + people, { waitUntil: 'commit' });
  return rowsSince(page, 0);
};

const ways: Record<string, Way> = {
  'opening the address, nothing in the browser’s cache': firstVisit,
  async 'opening the address again'(page, office) {
    await firstVisit(page, office);
    return firstVisit(page, office);
  },
  async 'from another page of the console'(page, { origin, people }) {
    await page.goto(origin + people.replace(/people$/, 'own-access'));
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    const began = await now(page);
    await page.getByRole('link', { name: 'People', exact: true }).click();
    return rowsSince(page, began);
  },
  async 'searching, from the last key on, 250 ms of which it waits for another'(page, office) {
    await firstVisit(page, office);
    const began = await now(page);
    await page.getByRole('searchbox', { name: 'Search by address' }).fill('martin');
    return rowsSince(page, began, 'martin');
  },
  async 'the next 50 rows'(page, office) {
    await firstVisit(page, office);
    const began = await now(page);
    await page.getByRole('button', { name: 'Show more' }).click();
    return rowsSince(page, began, '', 100);
  },
};

/** In the page: when there were that many rows with a text in each, and the browser had nothing else to do. */
function watchRows(): void {
  Reflect.set(window, 'rowsAt', async (text: string, count: number) => {
    const frame = () => new Promise(requestAnimationFrame);
    const isThere = () => {
      const links = [...document.querySelectorAll('tbody a')];
      return links.length === count && links.every(({ textContent }) => textContent?.includes(text));
    };
    const deadline = performance.now() + 30_000;
    while (!isThere() || document.querySelector('[aria-busy=true]')) {
      if (performance.now() > deadline) throw new Error(`no ${count} rows with “${text}”: ${document.body.innerText}`);
      await frame();
    }
    await frame();
    await new Promise((resolve) => setTimeout(resolve));
    return performance.now();
  });
}

const now = (page: Page): Promise<number> => page.evaluate(() => performance.now());

async function rowsSince(page: Page, began: number, text = '', count = 50): Promise<number> {
  const at = await page.evaluate(([wanted, rows]) => Reflect.get(window, 'rowsAt')(wanted, rows) as Promise<number>, [
    text,
    count,
  ] as const);
  return at - began;
}

/** As the operator would, by a link. */
async function signIn({ dataFolder, port }: Latchkey, origin: string): Promise<Cookie> {
  const { stdout } = await execute(
    process.execPath,
    [join(repository, 'server/src/commands/sign-in-link.ts'), 'owner@bench.test'],
    { cwd: repository, env: { ...process.env, DATA_DIR: dataFolder, PORT: String(port) } },
  );
  const token = /#(\S+)/.exec(stdout)?.[1];
  const answer = await fetch(`${origin}/v3/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'latchkey-session': '1' },
    body: JSON.stringify({ token }),
  });
  if (!answer.ok) throw new Error(`signing in: ${answer.status} ${await answer.text()}`);
  const [name = '', value = ''] = answer.headers.getSetCookie()[0]?.split(';')[0]?.split('=') ?? [];
  return { name, value, url: origin };
}
