import { fastify } from 'fastify';
import { afterAll, expect, test } from 'vitest';
import { pages } from '../../server/src/http/pages.ts';

const app = fastify();
app.get('/v3/account', async () => ({ ok: true }));
await app.register(pages);
afterAll(() => app.close());

const assets = [
  '/join/join.js',
  '/join/view.js',
  '/join/elements.js',
  '/join/words.js',
  '/join/invitation-api.js',
  '/join/session-api.js',
  '/join/request.js',
  '/join/join.css',
];

test('the page may load only itself, run nothing inline, be framed by nobody, and is kept nowhere', async () => {
  const { statusCode, headers } = await app.inject('/join');
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(headers['cache-control']).toBe('no-store');
  expect(headers['referrer-policy']).toBe('no-referrer');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  expect(headers['permissions-policy']).toContain('camera=()');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(policy).not.toMatch(/unsafe|\*|https?:/);
});

test('the page carries no inline script, style or handler, and names no other host', async () => {
  const { body } = await app.inject('/join');
  expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon\w+=/i);
  expect(body.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:/);
});

test.each(assets)('%s comes with its type, is checked before it is used again, and is not sent twice', async (url) => {
  const first = await app.inject(url);
  expect(first.statusCode).toBe(200);
  expect(first.headers['content-type']).toBe(
    url.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
  );
  expect(first.headers['cache-control']).toBe('no-cache');
  expect(first.headers['x-content-type-options']).toBe('nosniff');
  const again = await app.inject({ url, headers: { 'if-none-match': String(first.headers.etag) } });
  expect(again).toMatchObject({ statusCode: 304, body: '' });
});

test('nothing in the page’s scripts reads text as markup', async () => {
  for (const url of assets) {
    expect((await app.inject(url)).body, url).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function/,
    );
  }
});

test('T20 HEAD answers as GET does, without a body', async () => {
  for (const url of ['/join', ...assets]) {
    const [get, head] = [await app.inject(url), await app.inject({ method: 'HEAD', url })];
    expect(head.statusCode, url).toBe(200);
    expect(head.body, url).toBe('');
    expect(head.headers['content-length'], url).toBe(get.headers['content-length']);
    expect(head.headers.etag, url).toBe(get.headers.etag);
  }
});

test('a slash too many leads to the page, by a relative address that holds below a path as well', async () => {
  const { statusCode, headers } = await app.inject('/join/');
  expect([statusCode, headers.location]).toEqual([308, '../join']);
});

test('files of the server that are no assets are not served', async () => {
  for (const url of [
    '/join/index.html',
    '/join/../http/pages.ts',
    '/join/%2e%2e/%2e%2e/package.json',
    '/join/..%2fjoin.js',
  ]) {
    expect((await app.inject(url)).statusCode, url).toBe(404);
  }
});

test('headers for pages stay on pages', async () => {
  const { headers } = await app.inject('/v3/account');
  expect(headers['content-security-policy']).toBeUndefined();
  expect(headers['referrer-policy']).toBeUndefined();
});
