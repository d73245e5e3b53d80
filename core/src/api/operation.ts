import Type, { type Static, type TObject, type TSchema } from 'typebox';
import type { AuditAction } from '../audit-event.ts';
import type { ProblemCode } from '../problem.ts';

/**
 * Who may call an operation. There is no default: an operation without `access` does not compile.
 * - `public`: anybody; what it needs is in its token
 * - `credential`: any valid key; a bound one while its member is active
 * - `members`, `api_keys`, `activities`, `access_checks`: whoever holds that permission of the catalogue's administration
 * - `everything`: whoever holds all features
 * - `ownership`: a key with everything that belongs to an active owner
 * - `self`: a key that acts in full for the member it belongs to
 * - `partner`: a partner key
 * - `session`: a person who is signed in, whatever the organization
 */
export const accessKinds = [
  'public',
  'credential',
  'members',
  'api_keys',
  'activities',
  'access_checks',
  'everything',
  'ownership',
  'self',
  'partner',
  'session',
] as const;
export type AccessKind = (typeof accessKinds)[number];

/** One operation of the API as data. Routes, validation, authorization, serialization and OpenAPI derive from it. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /v3, parameters as `{email}`. Those of another protocol stand where that protocol says. */
  path: string;
  /** AuthZEN has paths, errors and a tolerance of its own. */
  protocol?: 'authzen';
  access: AccessKind;
  tag: 'Members' | 'Invitations' | 'Ownership' | 'API keys' | 'Access' | 'Organization' | 'Partner' | 'Sign-in';
  summary: string;
  description: string;
  params?: TObject;
  query?: TObject;
  headers?: TObject;
  body?: TObject;
  /** A streamed reply is a sequence of such bodies; of several forms the caller chooses. */
  reply: { status: 200 | 201; body: TObject; stream?: StreamType | readonly StreamType[] };
  /** Beyond those that every operation can answer. */
  problems: readonly ProblemCode[];
  /** The audit event a success records; absent for what changes nothing. */
  audit?: AuditAction | readonly AuditAction[];
  /** Sets the session's cookie, or takes it away. What starts one is refused to pages of others; what may start one then does not. */
  session?: 'starts' | 'may_start' | 'ends';
  /** In a session it needs a sign-in of the last hour: what it gives outlasts the session, or lets somebody in. */
  freshSignIn?: true;
  /** Is long under the organization's lock: of each organization one goes on at a time. */
  inTurn?: true;
  /** Answers carry what must not be kept by any cache. */
  secret?: true;
}

export type StreamType = 'application/x-ndjson' | 'text/event-stream' | 'text/csv';

/** Declares an operation and keeps its exact types. */
export const operation = <const O extends Operation>(declared: O): O => declared;

type Part<O, K extends string> = O extends { [key in K]: infer S extends TSchema } ? Static<S> : Record<string, never>;
export type Params<O extends Operation> = Part<O, 'params'>;
export type Query<O extends Operation> = Part<O, 'query'>;
export type Headers<O extends Operation> = Part<O, 'headers'>;
export type Body<O extends Operation> = Part<O, 'body'>;
export type Reply<O extends Operation> = Static<O['reply']['body']>;

/** An object in which only what is declared may stand: nothing is dropped in silence. */
export const strictObject = <P extends Record<string, TSchema>>(properties: P, options: object = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

/** What every change answers (wire.md §1): older clients type more than this, newer ones only this. */
export const Ok = Type.Literal('OK');
