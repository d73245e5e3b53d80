import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { contentSecurityPolicy, pageHeaders } from './page-headers.ts';

const folder = join(import.meta.dirname, '../../pages/join');

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

const headers = { ...pageHeaders, 'content-security-policy': contentSecurityPolicy({ trustedTypes: "'none'" }) };

/**
 * The page that an invitation's link leads to. It is the same files for everybody; GET and HEAD change nothing, and what the
 * link stands for is asked by the page itself.
 */
export const pages: FastifyPluginAsync = async (app) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  // Relative, so that it holds behind a proxy that serves us below a path; browsers keep the fragment.
  app.route({ method: ['GET', 'HEAD'], url: '/join/', handler: (_request, reply) => reply.redirect('../join', 308) });
  for (const name of await readdir(folder)) {
    const file = await readPageFile(name);
    const url = name === 'index.html' ? '/join' : `/join/${name}`;
    app.route({ method: ['GET', 'HEAD'], url, handler: (request, reply) => sendPageFile(file, request, reply) });
  }
};

interface PageFile {
  bytes: Buffer;
  contentType: string;
  cacheControl: string;
  etag: string;
}

async function readPageFile(name: string): Promise<PageFile> {
  const contentType = contentTypes[extname(name)];
  if (contentType === undefined) throw new Error(`no content type is known for the page file ${name}`);
  const bytes = await readFile(join(folder, name));
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  return { bytes, contentType, cacheControl: name.endsWith('.html') ? 'no-store' : 'no-cache', etag };
}

function sendPageFile(file: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({ 'cache-control': file.cacheControl, etag: file.etag });
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.type(file.contentType).send(file.bytes);
}
