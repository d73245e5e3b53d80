import { execFile, spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../architecture/source-files.ts';
import { openBrowser } from '../browser.ts';
import { startWorld, type World } from '../world.ts';

const run = promisify(execFile);

/** An empty project into which the packed client was installed. */
let project: string;
let world: World;
let url: string;
beforeAll(async () => {
  const port = await freePort();
  // Tokens name their issuer, who has to be reachable by that name.
  world = await startWorld({ PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` });
  url = world.base.replace(/\/v3$/, '');
  project = mkdtempSync(join(tmpdir(), 'latchkey-product-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: join(root, 'client') });
  const [packed] = JSON.parse(stdout);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'product', private: true, type: 'module' }));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${packed.filename}`], { cwd: project });
});
afterAll(async () => {
  await world?.stop();
  if (project) rmSync(project, { recursive: true, force: true });
});

const installed = (path = '') => join(project, 'node_modules/@latchkey/client', path);

describe('what is published', () => {
  test('is built JavaScript with declarations, a readme and a licence, and nothing else', () => {
    const files = globSync('**/*', { cwd: installed(), withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed().length + 1));
    expect(files.filter((file) => !/^(dist\/.*\.(js|d\.ts)|package\.json|README\.md|LICENSE)$/.test(file))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
  });

  test('depends on nothing and imports nothing but its own files', () => {
    const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    expect([manifest.dependencies, manifest.peerDependencies, manifest.scripts?.install]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    const foreign = globSync('dist/**/*.{js,ts}', { cwd: installed() }).flatMap((file) =>
      [...readFileSync(installed(file), 'utf8').matchAll(/\b(?:from|import|import\()\s*["']([^"']+)["']/g)]
        .filter(([, specifier]) => !specifier?.startsWith('.'))
        .map(([statement]) => `${file}: ${statement}`),
    );
    expect(foreign).toEqual([]);
  });

  test('every entry that is promised is there', () => {
    const { exports } = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
    const promised = Object.values<string | Record<string, string>>(exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    );
    expect(promised.length).toBeGreaterThan(5);
    for (const file of promised) expect(readFileSync(installed(file), 'utf8')).not.toBe('');
  });
});

const program = `
import { Latchkey, LatchkeyError } from '@latchkey/client';
import { requirePermission } from '@latchkey/client/hono';

const latchkey = new Latchkey({ url: process.env.LATCHKEY_URL, apiKey: process.env.LATCHKEY_KEY });
const { companyName } = await latchkey.getAccount();
const members = [];
for await (const { email } of latchkey.members()) members.push(email);
const refused = await latchkey.getMemberPermissions({ email: 'nobody@example.com' }).catch((error) => error);
const guard = requirePermission({ can: () => false }, 'contacts', 'view', { member: () => 'mei' });
const { status } = await guard({}, () => {});
console.log(JSON.stringify([companyName !== '', members, refused instanceof LatchkeyError, refused.code, status]));
`;
const printed = [true, ['ada@example.com'], true, 'document_not_found', 403];

/** Every version of Node.js that is on this machine's path, by its major. */
function nodes(): [string, string][] {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'node'))
    .concat(process.execPath)
    .map((path) => [spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim(), path] as const)
    .filter((node): node is [string, string] => Number(/^v(\d+)/.exec(node[0] ?? '')?.[1]) >= 20);
  return [...new Map(found)];
}

describe('installed in an empty project', () => {
  test.each(nodes())('it runs with Node.js %s', async (_, node) => {
    writeFileSync(join(project, 'program.mjs'), program);
    const { stdout } = await run(node, ['program.mjs'], { cwd: project, env: environment() });
    expect(JSON.parse(stdout)).toEqual(printed);
  });

  test('it runs in a browser', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.route(`${url}/client/**`, (route) => {
        const path = new URL(route.request().url()).pathname.slice('/client/'.length);
        if (path === '') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
        return route.fulfill({ contentType: 'text/javascript', body: readFileSync(installed(`dist/${path}`), 'utf8') });
      });
      await page.goto(`${url}/client/`);
      const source = program
        .replaceAll('process.env.LATCHKEY_URL', JSON.stringify(url))
        .replaceAll('process.env.LATCHKEY_KEY', JSON.stringify(world.ownerKey))
        .replace("'@latchkey/client'", "'/client/index.js'")
        .replace("'@latchkey/client/hono'", "'/client/middleware/hono.js'");
      const logged = page.waitForEvent('console', (message) => message.type() === 'log');
      await page.addScriptTag({ type: 'module', content: source });
      expect(JSON.parse((await logged).text())).toEqual(printed);
    } finally {
      await browser.close();
    }
  });

  const typed = `
import { Latchkey, LatchkeyError, type LatchkeyErrorCode, type Member } from '@latchkey/client';
import { requirePermission } from '@latchkey/client/express';

export const latchkey = new Latchkey({ url: 'https://access.example.com', apiKey: 'a-key', timeout: 5_000 });

export async function invite(email: string, locale: string | undefined): Promise<string> {
  const { id, status } = await latchkey.inviteMember({ email, all_features_access: true, locale });
  const ok: 'OK' = status;
  return ok + id;
}

export async function emails(): Promise<string[]> {
  const found: string[] = [];
  for await (const member of latchkey.members({ status: 'active' })) found.push(of(member));
  return found;
}

const of = ({ email, feature_access }: Member): string => email + (feature_access.marketing === 'owner');

export async function seats(): Promise<number | null> {
  const answer = await latchkey.getAccount().withResponse();
  const revision: number | undefined = answer.revision;
  return answer.reply.seats.limit ?? revision ?? null;
}

export async function code(): Promise<LatchkeyErrorCode | undefined> {
  try {
    await latchkey.access.check({ member: 'mei', feature: 'contacts', permission: 'view' }, { revision: 3 });
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'timeout') return error.code;
  }
  return undefined;
}

export const guard = requirePermission(latchkey.access, 'contacts', 'view', { member: (request) => request.user.id });

// @ts-expect-error an address is required
latchkey.inviteMember({ all_features_access: true });
// @ts-expect-error a name that the operation does not have
latchkey.inviteMember({ email: 'a@example.com', allFeaturesAccess: true, all_features_access: true });
// @ts-expect-error no such status
latchkey.members({ status: 'gone' });
// @ts-expect-error nothing would heed it
latchkey.revokeMember({ email: 'a@example.com' }, { ifMatch: '"1"' });
// @ts-expect-error either key
new Latchkey({ url: 'https://access.example.com', apiKey: 'a', partnerKey: 'b' });
// @ts-expect-error a code that does not exist
export const wrong: LatchkeyErrorCode = 'no_such_code';
`;

  const strict = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [] as string[],
  };

  test.each([
    ['nodenext', { ...strict, module: 'nodenext', moduleResolution: 'nodenext' }],
    ['bundler', { ...strict, module: 'esnext', moduleResolution: 'bundler' }],
    ['nodenext, without a browser’s types', { ...strict, module: 'nodenext', lib: ['es2023'], types: ['node'] }],
  ])('its types hold under %s', async (_, compilerOptions) => {
    link('@types/node', 'undici-types');
    writeFileSync(join(project, 'typed.ts'), typed);
    expect(await typeErrors('typed.ts', compilerOptions)).toBe('');
  });
});

describe('each snippet', () => {
  const snippets = ['client/README.md', 'docs/guides/enforcing-permissions.md'].flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(
      ([, text = ''], index) => [`${basename(page, '.md')}-${index + 1}.ts`, text] as const,
    ),
  );

  beforeAll(async () => {
    link('fastify', 'express', 'hono', '@types/node', 'undici-types', '@types/express');
    await world.join('noor@example.com', { permissions: ['contacts:view', 'contacts:export'] });
    for (const [file, text] of snippets)
      writeFileSync(join(project, file), text.replaceAll('http://localhost:8080', url));
  });

  test.each(snippets)('%s does what it says', async (file, text) => {
    const { stdout } = await run(process.execPath, [file], { cwd: project, env: environment() });
    const promised = [...text.matchAll(/console\.log\(.*\); \/\/ ([^:…\n]+)/g)].map(([, words = '']) => words.trim());
    for (const words of promised) expect(stdout).toContain(words);
    expect(stdout).not.toBe('');
  });

  test('type-checks', async () => {
    const options = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: 'nodenext',
      target: 'es2022',
      types: ['node'],
    };
    for (const [file] of snippets) expect(await typeErrors(file, { ...options, lib: ['es2023', 'dom'] })).toBe('');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What the repository has installed becomes something the project has installed too. */
function link(...packages: string[]): void {
  for (const name of packages) {
    const place = join(project, 'node_modules', name);
    mkdirSync(join(place, '..'), { recursive: true });
    rmSync(place, { recursive: true, force: true });
    symlinkSync(join(root, 'node_modules', name), place);
  }
}

async function typeErrors(file: string, compilerOptions: object): Promise<string> {
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }));
  const tsc = run(join(root, 'node_modules/.bin/tsc'), ['-p', project], { cwd: project });
  return tsc.then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
}

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, LATCHKEY_URL: url, LATCHKEY_KEY: world.ownerKey });
