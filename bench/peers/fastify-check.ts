import { createHash, randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import { listenAndTell } from './listen-and-tell.ts';

/**
 * What somebody would write who needs such a route today: Fastify with schemas for request and reply, the key's hash looked up
 * in memory before the body is read, and a decision from a Map.
 */
process.once('message', async ({ key, path, subjects }: FastifyCheckOrder) => {
  const keys = new Set([digest(key)]);
  const permissions = new Map(subjects.map((subject) => [subject, new Set(['contacts:view'])]));
  const app = Fastify({ genReqId: () => randomUUID() });
  app.post<{ Body: Question }>(path, {
    schema: { body: question, response: { 200: decision } },
    onRequest: async (request, reply) => {
      if (!keys.has(digest(String(request.headers['api-key']))))
        return reply.code(401).send({ message: 'no such key' });
      reply.headers({ 'cache-control': 'no-store', 'sib-request-id': request.id, 'x-request-id': request.id });
    },
    handler: async ({ body: { subject, action, resource } }) => {
      const granted = permissions.get(subject.id)?.has(`${resource.id}:${action.name}`) ?? false;
      return { decision: granted, context: granted ? yes : no };
    },
  });
  await app.ready();
  listenAndTell(app.server);
});

export interface FastifyCheckOrder {
  key: string;
  path: string;
  subjects: string[];
}

interface Question {
  subject: { type: string; id: string };
  action: { name: string };
  resource: { type: string; id: string };
}

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
const yes = { reason: 'granted', message: 'The member was given this permission.' };
const no = { reason: 'not_granted', message: 'The member was not given this permission.' };

const text = { type: 'string' };
const object = (properties: Record<string, object>) => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const entity = object({ type: text, id: text });
const question = object({ subject: entity, action: object({ name: text }), resource: entity });
const decision = object({ decision: { type: 'boolean' }, context: object({ reason: text, message: text }) });
