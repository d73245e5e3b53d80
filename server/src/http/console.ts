import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { Problem } from '@latchkey/core/problem.ts';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy, pageHeaders } from './page-headers.ts';

const folder = join(import.meta.dirname, '../../../console/dist');

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/**
 * The console: one page for all its addresses, which are the browser's to tell apart, and the files it is made of. They are the
 * same for everybody. All that it shows it asks of the API, with the session of whoever looks at it.
 */
export const consolePages: FastifyPluginAsync = async (app) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(pageHeaders);
  });
  const built = existsSync(folder) ? await readBuilt() : undefined;
  const method = ['GET', 'HEAD'];
  // Relative, so that they hold behind a proxy that serves us below a path.
  app.route({ method, url: '/', handler: (_request, reply) => reply.redirect('console/', 302) });
  app.route({ method, url: '/console', handler: (_request, reply) => reply.redirect('console/', 308) });
  app.route({
    method,
    url: '/console/*',
    handler: (request, reply) => {
      if (!built) throw new Problem('service_unavailable', 'The console has not been built. `npm start` builds it.');
      const path = pathWithin(request);
      const file = built.files.get(path);
      if (file) return sendFile(file, request, reply);
      if (path.startsWith('assets/')) throw new Problem('document_not_found', 'The console has no such file.');
      return sendPage(built.page, path, reply);
    },
  });
};

interface Built {
  /** index.html, with places for a nonce. */
  page: string;
  /** By their path below /console/. */
  files: ReadonlyMap<string, BuiltFile>;
}

interface BuiltFile {
  contentType: string;
  cacheControl: string;
  etag: string;
  bytes: Buffer;
  gzip: Buffer;
  brotli: Buffer;
}

/** A build that ends meanwhile puts another folder in this one's place; what was read then is of both, or gone. */
async function readBuilt(): Promise<Built> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { ino } = await stat(folder);
      const built = await readFiles();
      if ((await stat(folder)).ino === ino) return built;
    } catch (error) {
      if (attempt === 5 || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

async function readFiles(): Promise<Built> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && contentTypes[extname(entry.name)] !== undefined)
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
  const files = await Promise.all(paths.map(async (path) => [path, await readBuiltFile(path)] as const));
  return { page: await readFile(join(folder, 'index.html'), 'utf8'), files: new Map(files) };
}

async function readBuiltFile(path: string): Promise<BuiltFile> {
  const variants = ['', '.gz', '.br'].map((suffix) => readFile(join(folder, path + suffix)));
  const [bytes, gzip, brotli] = (await Promise.all(variants)) as [Buffer, Buffer, Buffer];
  return {
    contentType: contentTypes[extname(path)] ?? '',
    // The names of assets have a hash of what is in them.
    cacheControl: path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: createHash('sha256').update(bytes).digest('base64url'),
    bytes,
    gzip,
    brotli,
  };
}

/** As it was written: the browser counts the same slashes. */
function pathWithin(request: FastifyRequest): string {
  return (request.url.split('?', 1)[0] ?? '').slice('/console/'.length);
}

/** Each answer has a nonce of its own, so there is nothing that a cache could keep. */
function sendPage(page: string, path: string, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(16).toString('base64url');
  const up = '../'.repeat(path.split('/').length - 1) || './';
  return reply
    .headers({
      // Mantine writes the variables of its theme into a style element; the one policy lets no markup through.
      'content-security-policy': contentSecurityPolicy({ styles: `'nonce-${nonce}'`, trustedTypes: 'default' }),
      'cache-control': 'no-store',
    })
    .type('text/html; charset=utf-8')
    .send(page.replaceAll('{nonce}', nonce).replaceAll('="./', `="${up}`));
}

function sendFile(file: BuiltFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { encoding, bytes } = smallestAccepted(file, request.headers['accept-encoding'] ?? '');
  const etag = `"${file.etag}${encoding ? `-${encoding}` : ''}"`;
  reply.headers({ 'cache-control': file.cacheControl, etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding) reply.header('content-encoding', encoding);
  return reply.type(file.contentType).send(bytes);
}

function smallestAccepted(file: BuiltFile, accepted: string): { encoding?: string; bytes: Buffer } {
  const names = accepted
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim());
  if (names.includes('br')) return { encoding: 'br', bytes: file.brotli };
  if (names.includes('gzip')) return { encoding: 'gzip', bytes: file.gzip };
  return { bytes: file.bytes };
}
