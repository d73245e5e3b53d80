import { openApiDocument } from '@latchkey/core/api/openapi.ts';
import type { FastifyPluginAsync } from 'fastify';

/** The API described by OpenAPI 3.1, derived from the contract: nothing in it is written twice. */
export const openApiRoute: FastifyPluginAsync<{ publicUrl: string }> = async (app, { publicUrl }) => {
  const document = JSON.stringify(openApiDocument(`${publicUrl}/v3`), null, 2);
  app.get('/openapi.json', async (_request, reply) => reply.header('content-type', 'application/json').send(document));
};
