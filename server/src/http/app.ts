import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';
import { api } from '@latchkey/core/api/index.ts';
import { type Operation, strictObject } from '@latchkey/core/api/operation.ts';
import { Problem } from '@latchkey/core/problem.ts';
import { readJsonBody } from '@latchkey/core/strict-json.ts';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController, type RouteOptions } from 'fastify';
import { authzenDoor } from './authzen.ts';
import { compileWhenUsed } from './compile-when-used.ts';
import { consolePages } from './console.ts';
import { admit, type Gate, handle } from './handle.ts';
import { earlyAccess, handleEarly } from './handle-early.ts';
import { health, type Readiness } from './health.ts';
import { KnownKeys } from './known-keys.ts';
import { openApiRoute } from './openapi.ts';
import { pages } from './pages.ts';
import { answerError, answerProblem, toProblem } from './problems.ts';
import { reference } from './reference.ts';
import { type RoutedName, routedNames } from './routes.ts';

export const basePath = '/v3';
const bodyLimit = 262_144;
const closingPatience = 10_000;

/** The HTTP server, built but not listening. */
export async function buildApp(
  gate: Gate,
  options: { trustProxy: string[]; log: FastifyBaseLogger; publicUrl: string; ready: Readiness },
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    requestTimeout: 30_000,
    // Node looks every 30 s for who is over their time; and it refuses a missing Host itself, in no shape of ours.
    http: { headersTimeout: 15_000, connectionsCheckingInterval: 5_000, requireHostHeader: false },
    keepAliveTimeout: 72_000,
    // Whoever is connected already is still answered while we close; the framework's own refusal has a shape of its own.
    return503OnClosing: false,
    trustProxy: options.trustProxy.length > 0 ? options.trustProxy : false,
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 2000 },
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    clientErrorHandler: (_error, socket) => {
      // What is not HTTP gets an answer in our shape, if anybody is still there to read it.
      if (socket.writable) socket.end(notHttp());
      // Whoever does not hang up in return would keep the connection half open for ever.
      socket.setTimeout(5_000, () => socket.destroy());
    },
  });
  // An expectation that nobody knows is passed over, where Node would answer it with an empty 417.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  compileWhenUsed(app);
  closePromptly(app);
  app.decorateRequest('caller', null);
  app.decorateRequest('early', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('sib-request-id', request.id);
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined)
      throw new Problem('bad_request', 'The request has no Host header.');
  });
  // JSON whatever the Content-Type says: the official clients disagree about that header (wire.md §6), the body does not.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error, undefined);
    }
  });
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) =>
    answerProblem(
      new Problem(
        'document_not_found',
        `There is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200)} here; the operations are in /openapi.json.`,
      ),
      reply,
    ),
  );

  await app.register(pages);
  await app.register(consolePages);
  await app.register(health, { ready: options.ready });
  await app.register(reference);
  await app.register(openApiRoute, { publicUrl: options.publicUrl });
  for (const name of routedNames) app.route(routeOf(gate, name));
  checksFirst(app, gate, options);
  refuseOtherMethods(app);
  return app;
}

/**
 * Closing waits for requests, not for connections: one that falls idle meanwhile would otherwise be kept for its next request
 * until its time is over. Whoever has not taken their answer by the end of the patience is cut off.
 */
function closePromptly(app: FastifyInstance): void {
  const closing = new AbortController();
  app.decorate('closing', closing.signal);
  app.addHook('preClose', async () => {
    // Streams have no end of their own.
    closing.abort();
    const whenIdle = setInterval(() => app.server.closeIdleConnections(), 50).unref();
    const atLast = setTimeout(() => app.server.closeAllConnections(), closingPatience).unref();
    app.server.once('close', () => {
      clearInterval(whenIdle);
      clearTimeout(atLast);
    });
  });
}

/** Checks are answered before the framework sees them; everything else goes on to it. */
function checksFirst(
  app: FastifyInstance,
  gate: Gate,
  options: { trustProxy: string[]; log: FastifyBaseLogger; publicUrl: string },
): void {
  const trusted = proxyAddress.compile(options.trustProxy);
  const door = authzenDoor({
    gate,
    keys: new KnownKeys(gate.services.checks.feed, gate.authentication),
    publicUrl: options.publicUrl,
    addressOf: (request) => proxyAddress(request, trusted),
    log: options.log,
  });
  const framework = app.server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  app.server.removeAllListeners('request');
  app.server.on('request', (request, response) => {
    // While we close, whoever asks again is to ask elsewhere, rather than to be cut off.
    if (app.closing.aborted) response.shouldKeepAlive = false;
    if (!door(request, response)) for (const listener of framework) listener(request, response);
  });
}

function routeOf(gate: Gate, name: RoutedName): RouteOptions {
  const operation: Operation = api[name];
  const required: readonly string[] = operation.body?.required ?? [];
  const early = earlyAccess(operation);
  return {
    method: operation.method,
    url: urlOf(operation),
    schema: {
      ...(operation.params && { params: operation.params }),
      ...(operation.headers && { headers: operation.headers }),
      ...(operation.body && { body: operation.body }),
      querystring: operation.query ?? strictObject({}),
      ...(operation.reply.stream === undefined && { response: { [operation.reply.status]: operation.reply.body } }),
    },
    attachValidation: early !== undefined,
    onRequest: [
      async (_request, reply) => {
        reply.header('cache-control', 'no-store');
      },
      ...(early === undefined ? [admit(gate, name)] : []),
    ],
    preValidation: async (request) => {
      // Where everything in a body may be left out, so may the body.
      if (operation.body && required.length === 0 && request.body === undefined) request.body = {};
    },
    handler: early === undefined ? handle(gate, name) : handleEarly(gate, name, early),
  };
}

/** An answer in our shape where there is no request to answer. */
function notHttp(): string {
  const body = JSON.stringify(new Problem('bad_request', 'The request cannot be read as HTTP.'));
  const headers = [
    'content-type: application/json',
    'cache-control: no-store',
    `sib-request-id: ${randomUUID()}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `HTTP/1.1 400 Bad Request\r\n${headers.join('\r\n')}\r\n\r\n${body}`;
}

const urlOf = (operation: Operation): string => basePath + operation.path.replaceAll(/\{(\w+)\}/g, ':$1');

/** Every path of the contract answers every method that it does not have with 405, as the vendor's does. */
function refuseOtherMethods(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>();
  for (const operation of routedNames.map((name): Operation => api[name]))
    methods.set(urlOf(operation), (methods.get(urlOf(operation)) ?? new Set()).add(operation.method));
  for (const [url, known] of methods) {
    app.route({
      method: app.supportedMethods.filter((method) => !known.has(method)),
      url,
      onRequest: (request, reply) => {
        reply.header('allow', [...known].join(', '));
        answerProblem(new Problem('method_not_allowed', `${request.method} Method is not allowed on this path`), reply);
      },
      handler: () => {
        throw toProblem(new Error('unreachable'));
      },
    });
  }
}
