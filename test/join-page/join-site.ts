import type { IncomingMessage } from 'node:http';
import { type FastifyReply, fastify } from 'fastify';
import { pages } from '../../server/src/http/pages.ts';

/** What the scripted API answers to one action. `lost` hangs up without an answer; `held` waits until it is released. */
export interface ScriptedReply {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  lost?: boolean;
  held?: Promise<void>;
}

export type Action = 'inspect' | 'accept' | 'decline';
export type Script = Partial<Record<Action, ScriptedReply | ScriptedReply[]>>;
export type SessionScript = Partial<Record<'GET' | 'DELETE', ScriptedReply | ScriptedReply[]>>;

export interface RecordedRequest {
  method: string;
  url: string;
  headers: Record<string, unknown>;
  body: unknown;
}

export interface JoinSite {
  origin: string;
  requests: RecordedRequest[];
  /** Answers the requests for this token; of a list of replies each is given once, the last one for ever. */
  script(token: string, script: Script): void;
  /** Answers questions about who is signed in, and signing out, likewise. */
  scriptSession(script: SessionScript): void;
  close(): Promise<void>;
}

/** The real page served by a real server, next to an API that answers as it is told to, token by token. */
export async function startJoinSite(): Promise<JoinSite> {
  const app = fastify({ forceCloseConnections: true });
  const requests: RecordedRequest[] = [];
  const scripts = new Map<string, Script>();
  let sessionScript: SessionScript = {};
  app.addHook('preHandler', async ({ method, url, headers, body }) => {
    requests.push({ method, url, headers, body });
  });
  app.get('/product', async () => 'the product');
  app.post<{ Params: { action: Action }; Body: { token: string } }>(
    '/v3/organization/user/invitation/:action',
    ({ body, params, raw }, reply) =>
      answer(raw, reply, nextOf(scripts.get(body.token)?.[params.action]) ?? refused(404, 'invitation_unknown')),
  );
  app.route({
    method: ['GET', 'DELETE'],
    url: '/v3/session',
    handler: ({ method, raw }, reply) =>
      answer(raw, reply, nextOf(sessionScript[method as keyof SessionScript]) ?? { status: 401, body: {} }),
  });
  await app.register(pages);
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    origin,
    requests,
    script: (token, script) => void scripts.set(token, script),
    scriptSession: (script) => {
      sessionScript = script;
    },
    close: () => app.close(),
  };
}

const nextOf = (scripted: ScriptedReply | ScriptedReply[] | undefined): ScriptedReply | undefined =>
  Array.isArray(scripted) ? (scripted.length > 1 ? scripted.shift() : scripted[0]) : scripted;

async function answer(request: IncomingMessage, reply: FastifyReply, scripted: ScriptedReply) {
  await scripted.held;
  if (scripted.lost) return request.socket.destroy();
  return reply
    .code(scripted.status ?? 200)
    .headers(scripted.headers ?? {})
    .send(scripted.body);
}

/** An error in the shape of the API. */
export function refused(status: number, reason: string, headers: Record<string, string> = {}): ScriptedReply {
  const code = {
    400: 'invalid_parameter',
    402: 'not_enough_credits',
    403: 'permission_denied',
    404: 'document_not_found',
  };
  const body = {
    code: code[status as keyof typeof code] ?? 'error',
    message: 'Refused',
    details: [{ path: 'token', reason, message: 'Refused' }],
  };
  return { status, headers, body };
}

/** What inspect says about an invitation of Ada's. */
export function invitation(changes: Record<string, unknown> = {}): ScriptedReply {
  return {
    body: {
      state: 'pending',
      email: 'grace@example.com',
      organization: { name: 'Analytical Engines' },
      inviter: { name: 'Ada Lovelace' },
      locale: 'en',
      expires_at: '2026-11-24T10:30:00.000Z',
      access: { owner: false, all_features_access: false, features: featuresNamed('Contacts', 'Templates') },
      redirect_url: null,
      ...changes,
    },
  };
}

export const featuresNamed = (...labels: string[]) =>
  labels.map((label) => ({
    feature: label.toLowerCase(),
    label,
    permissions: [
      { permission: 'view', label: 'View' },
      { permission: 'export', label: 'Export' },
    ],
  }));

export const joined = (changes: Record<string, unknown> = {}): ScriptedReply => ({
  body: {
    status: 'OK',
    state: 'joined',
    email: 'grace@example.com',
    organization: { name: 'Analytical Engines' },
    redirect_url: null,
    signed_in: false,
    ...changes,
  },
});

/** Another address than the invitation's is signed in in this browser. */
export const signedInAs = (email: string): ScriptedReply => ({ body: { id: 'a-session', email } });

export const declined = (): ScriptedReply => ({
  body: { status: 'OK', state: 'declined', email: 'grace@example.com', organization: { name: 'Analytical Engines' } },
});
