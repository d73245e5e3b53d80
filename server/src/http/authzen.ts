import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Actor } from '@latchkey/core/actor.ts';
import { type Api, type AuthzenName, api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import { mayCall } from '@latchkey/core/authority.ts';
import { Problem } from '@latchkey/core/problem.ts';
import type { FastifyBaseLogger } from 'fastify';
import type { Asking } from '../usecases/access/asking.ts';
import { askedRevision } from '../usecases/access/decide-access.ts';
import { describeDecisionPoint } from '../usecases/access/describe-decision-point.ts';
import { evaluate, evaluateMany } from '../usecases/access/evaluate.ts';
import { searchActions } from '../usecases/access/search-actions.ts';
import { searchResources } from '../usecases/access/search-resources.ts';
import { searchSubjects } from '../usecases/access/search-subjects.ts';
import { accessForbidden } from '../usecases/under-lock.ts';
import type { Gate } from './handle.ts';
import type { KnownKeys } from './known-keys.ts';
import type { RateHeaders } from './limits.ts';
import { toProblem } from './problems.ts';

type Answer<N extends AuthzenName> = Reply<Api[N]>;
type Answers = { [N in AuthzenName]: (asking: Asking, body: Buffer) => Answer<N> | Promise<Answer<N>> };

const bodyLimit = 262_144;
const nothing = Buffer.alloc(0);

export interface AuthzenDoor {
  gate: Gate;
  keys: KnownKeys;
  publicUrl: string;
  /** The address of whoever asks, behind trusted proxies too. */
  addressOf: (request: IncomingMessage) => string;
  log: FastifyBaseLogger;
}

/**
 * The way of a check through HTTP: shorter than that of other requests, because it is asked before everything that a product
 * does. What it knows by heart it answers in the same turn in which the body is complete.
 * @returns whether the request was for one of its paths
 */
export function authzenDoor(door: AuthzenDoor): (request: IncomingMessage, response: ServerResponse) => boolean {
  const answers = answersOf(door.publicUrl);
  const names = (Object.keys(answers) as AuthzenName[]).map((name) => [api[name].path as string, name] as const);
  const byPath = new Map(names);
  return (request, response) => {
    const url = request.url ?? '';
    const query = url.indexOf('?');
    const name = byPath.get(query < 0 ? url : url.slice(0, query));
    if (name === undefined) return false;
    const exchange = new Exchange(request, response);
    const { method, access } = api[name];
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      exchange.refuse(new Problem('bad_request', 'The request has no Host header.'));
    else if (request.method !== method) {
      exchange.header('allow', method);
      exchange.refuse(new Problem('method_not_allowed', `${request.method} is not allowed on this path`));
    } else if (access === 'public') serve(door, exchange, () => answers[name]({} as Asking, nothing));
    else answerChecked(door, exchange, answers[name]);
    return true;
  };
}

const answersOf = (publicUrl: string): Answers => ({
  evaluate: (asking, body) => evaluate(asking, body),
  evaluateMany: (asking, body) => evaluateMany(asking, body),
  searchSubjects,
  searchResources,
  searchActions,
  describeDecisionPoint: () => describeDecisionPoint(publicUrl),
});

/** Who asks is judged before the body is read, as everywhere. */
function answerChecked(door: AuthzenDoor, exchange: Exchange, answer: Answers[AuthzenName]): void {
  const { request } = exchange;
  try {
    const known = door.keys.recall(request.headers, () => door.addressOf(request));
    if (known) admitted(door, exchange, known, answer);
    else
      door.keys
        .identify(request.headers, door.addressOf(request))
        .then((actor) => admitted(door, exchange, actor, answer))
        .catch((error) => fail(door, exchange, error));
  } catch (error) {
    fail(door, exchange, error);
  }
}

function admitted(door: AuthzenDoor, exchange: Exchange, actor: Actor, answer: Answers[AuthzenName]): void {
  const { services, usage, keyLimit } = door.gate;
  // A session is noted as used by all else that its page asks.
  if (actor.kind !== 'member')
    usage.note({
      kind: actor.kind,
      scope: actor.kind === 'partner_key' ? (actor.partnerId ?? '') : actor.organization.id,
      id: actor.id,
    });
  keyLimit.take(actor.sessionId ?? actor.id, exchange);
  if (!mayCall(services.catalogue, actor, 'access_checks')) throw accessForbidden();
  const asking: Asking = {
    checks: services.checks,
    db: services.db,
    organizationId: actor.organization.id,
    revision: askedRevision(exchange.request.headers['latchkey-revision']),
  };
  const { feed } = services.checks;
  const { knownAt } = feed;
  const failed = (error: unknown): void => fail(door, exchange, error);
  exchange.body((body) => {
    const reply = (): void =>
      serve(door, exchange, () => {
        requireJson(exchange.request);
        return answer(asking, body);
      });
    if (feed.stillCounts(knownAt)) reply();
    else judgeAgain(door, exchange).then(reply).catch(failed);
  }, failed);
}

/** Whoever takes a lease to send a body may have lost the right to ask meanwhile. */
async function judgeAgain({ keys, addressOf, gate }: AuthzenDoor, { request }: Exchange): Promise<void> {
  const actor = await keys.identify(request.headers, addressOf(request));
  if (!mayCall(gate.services.catalogue, actor, 'access_checks')) throw accessForbidden();
}

function requireJson(request: IncomingMessage): void {
  const type = request.headers['content-type'];
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type))
    throw new Problem('bad_request', 'The Content-Type is not application/json.');
}

/** Writes the answer at once where it is there at once. */
function serve(door: AuthzenDoor, exchange: Exchange, answer: () => object | Promise<object>): void {
  try {
    const given = answer();
    if (given instanceof Promise)
      given.then((later) => exchange.answer(later)).catch((error) => fail(door, exchange, error));
    else exchange.answer(given);
  } catch (error) {
    fail(door, exchange, error);
  }
}

function fail({ log }: AuthzenDoor, exchange: Exchange, error: unknown): void {
  const problem = toProblem(error as Error);
  if (problem.status >= 500) log.error({ err: error, route: exchange.request.url?.split('?')[0] }, 'request failed');
  exchange.refuse(problem);
}

const decisionTexts = new WeakMap<object, string>();

/** Answers are JSON; the few decisions that there are say the same each time, so each is written once. */
function textOf(answer: object): string {
  if ('evaluations' in answer) return `{"evaluations":[${(answer.evaluations as object[]).map(textOf).join(',')}]}`;
  if (!('decision' in answer)) return JSON.stringify(answer);
  const known = decisionTexts.get(answer);
  if (known !== undefined) return known;
  const text = JSON.stringify(answer);
  decisionTexts.set(answer, text);
  return text;
}

/** One request and its reply, without a framework in between. */
class Exchange implements RateHeaders {
  readonly request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #headers: string[];

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.#response = response;
    const id = randomUUID();
    const given = request.headers['x-request-id'];
    this.#headers = [
      'content-type',
      'application/json',
      'cache-control',
      'no-store',
      'sib-request-id',
      id,
      'x-request-id',
      typeof given === 'string' ? given : id,
    ];
  }

  header(name: string, value: number | string): this {
    this.#headers.push(name, String(value));
    return this;
  }

  /** Reads the body to its end; more than is allowed is refused without being kept. */
  body(done: (body: Buffer) => void, failed: (error: unknown) => void): void {
    const chunks: Buffer[] = [];
    let length = 0;
    this.request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyLimit) chunks.push(chunk);
    });
    this.request.on('end', () => {
      if (length > bodyLimit) failed(new Problem('out_of_range', 'The body is too large: at most 256 KiB.'));
      else done(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    });
  }

  answer(body: object): void {
    this.#write(200, textOf(body));
  }

  /** AuthZEN §10.1.2: the body of an error is a message. */
  refuse(problem: Problem): void {
    if (problem.status === 401) this.header('www-authenticate', 'Bearer realm="latchkey"');
    if (problem.retryAfter !== undefined) {
      this.header('retry-after', problem.retryAfter);
      this.header('x-ratelimit-reset', Math.ceil(Date.now() / 1000) + problem.retryAfter);
    }
    this.#write(problem.status, JSON.stringify(problem.message));
  }

  #write(status: number, text: string): void {
    if (this.#response.headersSent || this.#response.destroyed) return;
    const length = Buffer.byteLength(text);
    this.#headers.push('content-length', String(length));
    this.#response.writeHead(status, this.#headers);
    // Node writes the head in the encoding of a text beside it, and an X-Request-ID has to come back with its own bytes.
    if (length === text.length) this.#response.end(text, 'latin1');
    else this.#response.end(Buffer.from(text));
  }
}
