import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A file as it goes out: as it is, and smaller for whoever takes that. */
export interface EncodedFile {
  contentType: string;
  /** Of what is in it. */
  hash: string;
  identity: Buffer;
  gzip: Buffer;
  br: Buffer;
}

export async function encodedFile(identity: Buffer, contentType: string): Promise<EncodedFile> {
  const [br, gzipped] = await Promise.all([
    // The best quality takes seven seconds for a big script, and makes it a tenth smaller.
    promisify(brotliCompress)(identity, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length },
    }),
    promisify(gzip)(identity, { level: 9 }),
  ]);
  return { contentType, hash: createHash('sha256').update(identity).digest('base64url'), identity, gzip: gzipped, br };
}

/** Kept by browsers, and asked for again each time, which costs no more than a 304. */
export function sendEncoded(file: EncodedFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = smallestAccepted(request.headers['accept-encoding'] ?? '');
  const etag = `"${file.hash}${encoding === 'identity' ? '' : `-${encoding}`}"`;
  reply.headers({ 'cache-control': 'no-cache', etag, vary: 'accept-encoding' });
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type(file.contentType).send(file[encoding]);
}

function smallestAccepted(accepted: string): 'br' | 'gzip' | 'identity' {
  const names = accepted
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => !/;\s*q=0(\.0*)?$/.test(part))
    .map((part) => part.split(';', 1)[0]?.trim());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') ? 'gzip' : 'identity';
}
