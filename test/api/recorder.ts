import type { Example } from '@latchkey/core/api/examples.ts';
import { api, type OperationName } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { targetOf } from '../access/request.ts';
import { type Answer, client } from '../client.ts';
import { startMailbox } from '../mailbox/mailbox.ts';
import type { World } from '../world.ts';

export interface Asked {
  /** Headers that say who asks. */
  by: Record<string, string>;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: Record<string, unknown>;
}

/** A server, and what it was asked and answered, operation by operation, as it can be shown to everybody. */
export interface Recorder {
  world: World;
  examples: Partial<Record<OperationName, Example>>;
  /** Asks, and keeps what was answered as the example of the operation. @throws Error for a refusal */
  ask(name: OperationName, asked: Asked): Promise<Answer>;
  /** Gives an id that stands in several examples the same stand-in everywhere. */
  know(id: string): void;
  stop(): Promise<void>;
}

export async function recorder(): Promise<Recorder> {
  const { world, stop } = await startMailbox({ PUBLIC_URL: 'https://users.example.com' });
  const known = new Map<string, string>();
  const recorded: Recorder['examples'] = {};
  return {
    world,
    examples: recorded,
    stop,
    know: (id) => void known.set(id, standIn(known.size + 1)),
    async ask(name, { by, params = {}, query = {}, body }) {
      const operation: Operation = api[name];
      const path = targetOf(operation).replaceAll(/\{(\w+)\}/g, (_, part: string) =>
        encodeURIComponent(params[part] ?? ''),
      );
      const search = new URLSearchParams(query).toString();
      const client_ = client(world.base, { 'user-agent': 'acme-shop/2.1', ...by });
      const answer = await client_.send(operation.method, `${path}${search && `?${search}`}`, body);
      if (answer.status !== operation.reply.status)
        throw new Error(`${name}: ${answer.status} ${JSON.stringify(answer.body)}`);
      const shown = shownAs(known);
      recorded[name] = {
        ...(Object.keys(params).length > 0 && { params: shown(params) }),
        ...(Object.keys(query).length > 0 && { query: shown(query) }),
        ...(body && { body: shown(body) }),
        ...headersOf(answer),
        replies: operation.reply.stream ? (answer.body as unknown[]).map((part) => shown(part)) : [shown(answer.body)],
      };
      return answer;
    },
  };
}

const special = ['latchkey-revision', 'etag', 'set-cookie'];

function headersOf({ headers }: Answer): { replyHeaders?: string[] } {
  const there = special.filter((name) => headers.has(name));
  return there.length > 0 ? { replyHeaders: there } : {};
}

const standIn = (number: number): string => `0198c0de-0000-7000-8000-${String(number).padStart(12, '0')}`;

/** What differs from one run to the next, and what nobody is to copy, as something that looks like it. */
function shownAs(known: ReadonlyMap<string, string>) {
  const others = new Map<string, string>();
  const idFor = (id: string): string => {
    const own = known.get(id) ?? others.get(id) ?? standIn(100 + others.size);
    if (!known.has(id)) others.set(id, own);
    return own;
  };
  const text = (value: string): string => {
    if (/^\d{4}-\d\d-\d\dT/.test(value)) return time(value);
    return value
      .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, idFor)
      .replaceAll('127.0.0.1', '203.0.113.7')
      .replaceAll(/#.{20,}$/g, '#JxX…');
  };
  const show = (value: unknown, name?: string): unknown => {
    if (name !== undefined && Object.hasOwn(madeUp, name) && value !== '') return madeUp[name];
    if (name === 'id' && /^[\w-]{20,}$/.test(String(value)) && !/^\w{8}-/.test(String(value))) return 'k7Wm…';
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((item) => show(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, show(part, key)]));
  };
  return <T>(value: T): T => show(value) as T;
}

const madeUp: Record<string, unknown> = {
  key: 'lk_5rkd0Z…',
  hint: '…v3Qd',
  token: 'JxX9c2…',
  cursor: 'eyJhZnRlciI6MTAwfQ',
  challenge: 'd3WqN4…',
  revision: 42,
  access_revision: 42,
  after: '41',
  age_ms: 0.7,
  now: Date.parse('2026-11-21T09:30:00.000Z'),
  epoch: '1795339800-1',
  kid: 'tjX2…',
  x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
  y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
  last_used_at: '2026-11-21T09:30:00.000Z',
  user_agent: 'acme-shop/2.1',
  transports: ['internal', 'hybrid'],
  rawId: 'k7Wm…',
  signature: 'MEUC…',
  clientDataJSON: 'eyJ0…',
  authenticatorData: 'SZYN…',
  attestationObject: 'o2Nm…',
  userHandle: 'Zm9v…',
};

const base = Date.parse('2026-11-21T09:30:00.000Z');
const grain = 300_000;

/** As long before or after the story's own moment, to five minutes, since nobody knows how long telling it takes. */
function time(value: string): string {
  const away = Math.round((Date.parse(value) - Date.now()) / grain) * grain;
  return new Date(base + away).toISOString();
}
