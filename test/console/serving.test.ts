import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { fastify } from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { consolePages } from '../../server/src/http/console.ts';
import { answerError } from '../../server/src/http/problems.ts';

const app = fastify();
app.setErrorHandler(answerError);
app.get('/v3/account', async () => ({ ok: true }));
await app.register(consolePages);
afterAll(() => app.close());

/** What the page at an address loads before anything is seen, as addresses of the server. */
async function loadedBy(url: string): Promise<string[]> {
  const { body } = await app.inject(url);
  return [...body.matchAll(/(?:src|href)="([^"]+)"/g)]
    .map(([, address = '']) => address)
    .filter((address) => !address.startsWith('data:'))
    .map((address) => new URL(address, `http://latchkey.example${url}`).pathname);
}

const pages = [
  '/console/',
  '/console/sign-in',
  '/console/o/1/people',
  '/console/o/1/people/mei%40example.com?tab=access',
];

test.each(pages)('%s is the console: kept nowhere, framed by nobody, and loads only what is ours', async (url) => {
  const { statusCode, headers } = await app.inject(url);
  expect(statusCode).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-robots-tag': 'noindex, nofollow',
  });
  const policy = String(headers['content-security-policy']).split('; ');
  expect(policy).toEqual([
    "default-src 'none'",
    "script-src 'self'",
    expect.stringMatching(/^style-src 'self' 'nonce-[\w-]{22}'$/),
    "connect-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ]);
});

test('each answer has a nonce of its own, in the page and in its policy', async () => {
  const answers = await Promise.all([app.inject('/console/'), app.inject('/console/')]);
  const nonces = answers.map(({ body, headers }) => {
    const [, nonce = ''] = /'nonce-([^']+)'/.exec(String(headers['content-security-policy'])) ?? [];
    expect(body).toContain(`<meta property="csp-nonce" nonce="${nonce}"`);
    return nonce;
  });
  expect(nonces[0]).not.toBe(nonces[1]);
});

test('the page carries no inline script, style or handler, and names no other host', async () => {
  const { body } = await app.inject('/console/');
  expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/i);
  expect(body.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
  expect(body).not.toContain('{nonce}');
});

test.each(pages)('%s finds its files by relative addresses, so that it also works below a path', async (url) => {
  const files = await loadedBy(url);
  expect(files.length).toBeGreaterThanOrEqual(3);
  for (const file of files) expect((await app.inject(file)).statusCode, file).toBe(200);
  expect((await app.inject(url)).body).not.toMatch(/(?:src|href)="\//);
});

test('assets are kept for ever, since their names say what is in them; other files are asked for again', async () => {
  for (const url of await loadedBy('/console/')) {
    const { headers } = await app.inject(url);
    expect(headers['content-type'], url).toMatch(/^text\/(javascript|css); charset=utf-8$/);
    expect(headers['cache-control'], url).toBe(
      url.startsWith('/console/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    );
    const again = await app.inject({ url, headers: { 'if-none-match': String(headers.etag) } });
    expect(again).toMatchObject({ statusCode: 304, body: '' });
  }
});

test('files come compressed to who takes that, with a tag of their own', async () => {
  const [script = ''] = (await loadedBy('/console/')).filter((url) => url.startsWith('/console/assets/'));
  const as = (encoding: string) => app.inject({ url: script, headers: { 'accept-encoding': encoding } });
  const [plain, gzip, brotli] = [await as('identity'), await as('gzip, deflate'), await as('gzip, deflate, br')];
  expect([plain, gzip, brotli].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'gzip', 'br']);
  expect(gunzipSync(gzip.rawPayload)).toEqual(plain.rawPayload);
  expect(brotliDecompressSync(brotli.rawPayload)).toEqual(plain.rawPayload);
  expect(new Set([plain, gzip, brotli].map(({ headers }) => headers.etag)).size).toBe(3);
  for (const { headers } of [plain, gzip, brotli]) expect(headers.vary).toBe('accept-encoding');
  expect((await as('br;q=0, gzip;q=0')).headers['content-encoding']).toBeUndefined();
});

test('HEAD answers as GET does, without a body', async () => {
  for (const url of ['/console/', '/console/o/1/keys', ...(await loadedBy('/console/'))]) {
    const [get, head] = [await app.inject(url), await app.inject({ method: 'HEAD', url })];
    expect([head.statusCode, head.body], url).toEqual([200, '']);
    expect(head.headers['content-length'], url).toBe(get.headers['content-length']);
  }
});

test('the server’s own address and a forgotten slash lead to the console, by addresses that hold below a path as well', async () => {
  const [root, bare] = [await app.inject('/'), await app.inject('/console')];
  expect([root.statusCode, root.headers.location]).toEqual([302, 'console/']);
  expect([bare.statusCode, bare.headers.location]).toEqual([308, 'console/']);
});

test('an asset that is not there is a 404, and never the page', async () => {
  for (const url of ['/console/assets/index-00000000.js', '/console/assets/', '/console/assets/../../package.json']) {
    const { statusCode, headers } = await app.inject(url);
    expect(statusCode, url).toBe(404);
    expect(headers['content-type'], url).toContain('application/json');
  }
});

test('what only the build needs is not served', async () => {
  for (const name of ['index.html', 'made-of', 'color-scheme.js.gz', '..%2fpackage.json', '%2e%2e/package.json']) {
    const { body } = await app.inject(`/console/${name}`);
    expect(body, name).toMatch(/^<!doctype html>|not found|no such file/i);
  }
});

test('nobody but the policy of the console turns text into markup, and nothing is evaluated', async () => {
  const { body } = await app.inject((await scripts())[0] ?? '');
  expect(body).not.toMatch(/document\.write\(|\beval\(|new Function\(/);
});

test('the first page loads less than 250 kB of script, compressed', async () => {
  const sizes = await Promise.all(
    (await scripts()).map(async (url) => gzipSync((await app.inject(url)).rawPayload).length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
});

test('headers for pages stay on pages', async () => {
  const { headers } = await app.inject('/v3/account');
  expect(headers['content-security-policy']).toBeUndefined();
  expect(headers['referrer-policy']).toBeUndefined();
});

const scripts = async (): Promise<string[]> => (await loadedBy('/console/')).filter((url) => url.endsWith('.js'));
