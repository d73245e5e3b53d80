import type { FastifyPluginAsync } from 'fastify';

/** Why this node must not be asked yet; undefined when it may. */
export type Readiness = () => Promise<string | undefined>;

/** `/health/live`: the process answers. `/health/ready`: its database does too, and they agree about the catalogue. */
export const health: FastifyPluginAsync<{ ready: Readiness }> = async (app, { ready }) => {
  app.get('/health/live', async () => ({ status: 'live' }));
  app.get('/health/ready', async (_request, reply) => {
    const reason = await ready();
    reply.header('cache-control', 'no-store');
    return reason === undefined ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason });
  });
};
