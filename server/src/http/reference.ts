import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Fastify, { type FastifyPluginAsync } from 'fastify';
import { type EncodedFile, encodedFile, sendEncoded } from './encoded-file.ts';
import { contentSecurityPolicy, pageHeaders } from './page-headers.ts';

const folder = join(import.meta.dirname, '../../pages/reference');
const script = 'text/javascript; charset=utf-8';
const files = {
  'reference.js': script,
  'names.js': script,
  'strict.js': script,
  'reference.css': 'text/css; charset=utf-8',
};

/** The API reference: what /openapi.json says, to read and to try out. */
export const reference: FastifyPluginAsync = async (app) => {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(pageHeaders);
  });
  const method = ['GET', 'HEAD'];
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  // Relative, so that it holds behind a proxy that serves us below a path.
  app.route({ method, url: '/reference/', handler: (_request, reply) => reply.redirect('../reference', 308) });
  app.route({
    method,
    url: '/reference',
    handler: (_request, reply) => {
      const nonce = randomBytes(16).toString('base64url');
      return reply
        .headers({
          // Scalar brings its style sheet within its script, and writes markup as its framework does.
          'content-security-policy': contentSecurityPolicy({
            styles: `'nonce-${nonce}'`,
            trustedTypes: 'default vue',
          }),
          'cache-control': 'no-store',
        })
        .type('text/html; charset=utf-8')
        .send(page.replaceAll('{nonce}', nonce));
    },
  });
  for (const [name, contentType] of Object.entries(files)) {
    const file = await encodedFile(await readFile(join(folder, name)), contentType);
    app.route({ method, url: `/reference/${name}`, handler: (request, reply) => sendEncoded(file, request, reply) });
  }
  let scalar: Promise<EncodedFile> | undefined;
  app.route({
    method,
    url: '/reference/scalar.js',
    handler: async (request, reply) => {
      // Most servers are never asked for it, so it is not in memory before somebody does.
      scalar ??= scalarScript().then((bytes) => encodedFile(bytes, script));
      // What failed once is tried again by whoever asks next.
      const file = await scalar.catch((error: unknown) => {
        scalar = undefined;
        throw error;
      });
      return sendEncoded(file, request, reply);
    },
  });
};

/** Scalar’s script, which its package gives out only as a route of its own. */
async function scalarScript(): Promise<Buffer> {
  const { default: scalar } = await import('@scalar/fastify-api-reference');
  const app = Fastify();
  await app.register(scalar, { routePrefix: '/reference', configuration: { url: '/openapi.json' } });
  const { rawPayload } = await app.inject('/reference/js/scalar.js');
  await app.close();
  return rawPayload;
}
