import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { Latchkey, LatchkeyError } from '../../client/src/index.ts';
import { requirePermission as forExpress } from '../../client/src/middleware/express.ts';
import { requirePermission as forFastify } from '../../client/src/middleware/fastify.ts';
import type { Judge } from '../../client/src/middleware/guard.ts';
import { requirePermission as forHono } from '../../client/src/middleware/hono.ts';

/** A product with one protected route, which says whose request it served; people sign in by a header. */
type Product = (judge: Judge, bring: 'member' | 'token') => Promise<Asking>;
type Asking = (user: string | undefined) => Promise<{ status: number; body: unknown; retryAfter: string | null }>;

const fastify: Product = async (judge, bring) => {
  const app = Fastify();
  const preHandler =
    bring === 'member'
      ? forFastify(judge, 'contacts', 'export', { member: (request) => request.headers['x-user'] as string })
      : forFastify(judge, 'contacts', 'export', { token: (request) => request.headers['x-user'] as string });
  app.get('/export', { preHandler }, async (request) => ({ served: request.headers['x-user'] }));
  return async (user) => {
    const answer = await app.inject({ url: '/export', headers: headers(user) });
    return {
      status: answer.statusCode,
      body: answer.json(),
      retryAfter: `${answer.headers['retry-after'] ?? ''}` || null,
    };
  };
};

const expressProduct: Product = async (judge, bring) => {
  const app = express();
  const guard =
    bring === 'member'
      ? forExpress(judge, 'contacts', 'export', { member: (request: express.Request) => request.get('x-user') })
      : forExpress(judge, 'contacts', 'export', { token: (request: express.Request) => request.get('x-user') });
  app.get('/export', guard, (request, response) => {
    response.json({ served: request.get('x-user') });
  });
  return async (user) => {
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await read(
        await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/export`, { headers: headers(user) }),
      );
    } finally {
      server.close();
      server.closeAllConnections();
    }
  };
};

const hono: Product = async (judge, bring) => {
  const app = new Hono();
  const guard =
    bring === 'member'
      ? forHono(judge, 'contacts', 'export', { member: (context) => context.req.header('x-user') })
      : forHono(judge, 'contacts', 'export', { token: (context) => context.req.header('x-user') });
  app.get('/export', guard, (context) => context.json({ served: context.req.header('x-user') }));
  return async (user) => read(await app.request('/export', { headers: headers(user) }));
};

const headers = (user: string | undefined): Record<string, string> => (user === undefined ? {} : { 'x-user': user });

async function read(response: Response): ReturnType<Asking> {
  return { status: response.status, body: await response.json(), retryAfter: response.headers.get('retry-after') };
}

const mayExport = { allowed: true, reason: 'granted', message: 'Given.' } as const;
const mayNot = { allowed: false, reason: 'not_granted', message: 'Not given.' } as const;

describe.each([
  ['Fastify', fastify],
  ['Express', expressProduct],
  ['Hono', hono],
])('in %s', (_, product) => {
  test('who may is let through, who may not gets a 403 with the reason', async () => {
    const questions: unknown[] = [];
    const ask = await product(
      {
        check: async (question) => {
          questions.push(question);
          return question.member === 'mei' ? mayExport : mayNot;
        },
      },
      'member',
    );
    expect(await ask('mei')).toEqual({ status: 200, body: { served: 'mei' }, retryAfter: null });
    expect(await ask('noor')).toEqual({
      status: 403,
      body: { code: 'permission_denied', message: 'Not given.', reason: 'not_granted' },
      retryAfter: null,
    });
    expect(questions).toEqual(['mei', 'noor'].map((member) => ({ member, feature: 'contacts', permission: 'export' })));
  });

  test('nobody is asked about, and let through, where nobody is signed in', async () => {
    const ask = await product({ check: () => Promise.reject(new Error('asked')) }, 'member');
    for (const user of [undefined, ''])
      expect(await ask(user)).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  });

  test('without an answer it is a 503, never a way through', async () => {
    const gone = new Latchkey({ url: 'http://127.0.0.1:1', apiKey: 'a-key', retries: 0 });
    const refused = () =>
      Promise.reject(new LatchkeyError({ code: 'unauthorized', status: 401, message: 'Key not found' }));
    const judges: Judge[] = [gone.access, { check: refused }, { can: () => raise() }, { can: () => null as never }];
    for (const judge of judges) {
      const answer = await (await product(judge, 'member'))('mei');
      expect(answer).toMatchObject({ status: 503, body: { code: 'service_unavailable' }, retryAfter: '1' });
      expect(JSON.stringify(answer.body)).not.toContain('a-key');
    }
  });

  test('whoever holds the answer gives it, in words or in one', async () => {
    for (const [verdict, status] of [
      [true, 200],
      [mayExport, 200],
      [Promise.resolve(mayExport), 200],
      [false, 403],
      [mayNot, 403],
      [undefined, 403],
      ['yes', 403],
      [1, 403],
      [{ allowed: 'yes' }, 403],
    ] as const) {
      const ask = await product({ can: () => verdict as never }, 'member');
      expect((await ask('mei')).status, JSON.stringify(verdict)).toBe(status);
    }
  });

  test('a token answers for itself; one that does not count is a 401', async () => {
    const ask = await product(
      {
        verify: async (token) => {
          if (token === 'forged') throw new LatchkeyError({ code: 'unauthorized', message: 'forged' });
          if (token === 'keyless') throw new LatchkeyError({ code: 'unreachable', message: 'no keys' });
          return { can: (feature, permission) => token === `may ${feature}:${permission}` };
        },
      },
      'token',
    );
    expect((await ask('may contacts:export')).status).toBe(200);
    expect((await ask('may contacts:view')).status).toBe(403);
    expect((await ask('forged')).status).toBe(401);
    expect((await ask(undefined)).status).toBe(401);
    expect((await ask('keyless')).status).toBe(503);
  });
});

test('a judge that cannot tell by what requests bring is refused when the route is made', () => {
  const member = () => 'mei';
  expect(() => forHono({ verify: raise }, 'contacts', 'export', { member })).toThrow(TypeError);
  expect(() => forHono({ can: () => true }, 'contacts', 'export', { token: member })).toThrow(TypeError);
});

function raise(): never {
  throw new Error('beyond the lease');
}
