import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { Latchkey } from '../../client/src/index.ts';
import { type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const nobody = { status: 401, body: { code: 'unauthorized', message: 'Nobody is signed in.' } };

let server: ScriptedServer;
afterEach(() => server?.close());

test('a client in session mode names itself by a header and sends no key', async () => {
  server = await startScriptedServer([{ status: 200, body: {} }]);
  await new Latchkey({ url: server.url, session: true }).getSession();
  const headers: IncomingHttpHeaders = server.asked[0]?.headers ?? {};
  expect(headers['latchkey-session']).toBe('1');
  for (const name of ['api-key', 'partner-key', 'organization-id', 'cookie']) expect(headers[name]).toBeUndefined();
});

test('it says in which organization it acts', async () => {
  server = await startScriptedServer([{ status: 200, body: {} }]);
  const organizationId = '01a201f6-e3c4-7000-8f8a-aa838ce7403a';
  await new Latchkey({ url: server.url, session: true, organizationId }).getMe();
  expect(server.asked[0]?.headers).toMatchObject({ 'latchkey-session': '1', 'organization-id': organizationId });
});

test('cookies go to the page’s own origin only, and redirections are not followed', async () => {
  const sent: RequestInit[] = [];
  const fetch = async (_: string, init: RequestInit) => {
    sent.push(init);
    return Response.json({});
  };
  await new Latchkey({ url: 'https://access.example.com', session: true, fetch }).getSession();
  await new Latchkey({ url: 'https://access.example.com', apiKey: 'a-key', fetch }).getAccount();
  expect(sent[0]).toMatchObject({ credentials: 'same-origin', redirect: 'manual' });
  expect(sent[1]?.credentials).toBeUndefined();
});

test('a session that has ended is an error with a code of its own, and is not asked for again', async () => {
  server = await startScriptedServer([nobody]);
  await expect(new Latchkey({ url: server.url, session: true }).getSession()).rejects.toMatchObject({
    code: 'unauthorized',
    attempts: 1,
  });
});

test('a session and a key at once are a mistake', () => {
  const settings = { url: 'https://access.example.com', session: true, apiKey: 'a-key' } as never;
  expect(() => new Latchkey(settings)).toThrow('not several');
});
