import { openApiDocument } from '@latchkey/core/api/openapi.ts';
import type { FastifyPluginAsync } from 'fastify';
import { type EncodedFile, encodedFile, sendEncoded } from './encoded-file.ts';

/** The API described by OpenAPI 3.1, derived from the contract: nothing in it is written twice. */
export const openApiRoute: FastifyPluginAsync<{ publicUrl: string }> = async (app, { publicUrl }) => {
  const written = (): Promise<EncodedFile> =>
    encodedFile(Buffer.from(JSON.stringify(openApiDocument(`${publicUrl}/v3`), null, 2)), 'application/json');
  let document: Promise<EncodedFile> | undefined;
  app.route({
    method: ['GET', 'HEAD'],
    url: '/openapi.json',
    handler: async (request, reply) => {
      document ??= written();
      return sendEncoded(await document, request, reply);
    },
  });
};
