import { Problem } from '../problem.ts';
import { readJsonBody } from '../strict-json.ts';
import type { Evaluation } from './evaluation.ts';
import { readPlainQuestion, readPlainQuestions } from './plain-questions.ts';

export type Semantic = 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit';

export interface Evaluations {
  /** In the order asked; a Problem for one that is not whole. */
  evaluations: (Evaluation | Problem)[];
  semantic: Semantic;
}

const longest = 1000;
const mostEvaluations = 1000;
type Fields = Record<string, unknown>;

/** @throws Problem `bad_request` where something required is missing or of another type */
export function readEvaluation(body: Buffer): Evaluation {
  const plain = readPlainQuestion(body);
  if (plain) return plain;
  const fields = fieldsOf(body);
  return evaluationOf(fields.subject, fields.action, fields.resource, fields.context);
}

/**
 * Many questions; undefined where there is only the one at the top, which is then asked by `readEvaluation`.
 * @throws Problem `bad_request` for what concerns the whole; what concerns one question is its own result
 */
export function readEvaluations(body: Buffer): Evaluations | undefined {
  const plain = readPlainQuestions(body, mostEvaluations);
  if (plain) return { evaluations: plain, semantic: 'execute_all' };
  const fields = fieldsOf(body);
  const semantic = readSemantic(fields.options);
  const list = fields.evaluations;
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw badRequest('evaluations is not an array');
  if (list.length === 0) return undefined;
  if (list.length > mostEvaluations) throw badRequest(`at most ${mostEvaluations} evaluations at once`);
  // What stands at the top and is not whole would be wrong for every question that leaves it out.
  if (fields.subject !== undefined) entityIn(fields.subject, 'subject');
  if (fields.action !== undefined) nameIn(fields.action);
  if (fields.resource !== undefined) entityIn(fields.resource, 'resource');
  if (fields.context !== undefined) objectIn(fields.context, 'context');
  const evaluations = list.map((item: unknown) => {
    try {
      const own = objectIn(item, 'an evaluation');
      return evaluationOf(
        own.subject === undefined ? fields.subject : own.subject,
        own.action === undefined ? fields.action : own.action,
        own.resource === undefined ? fields.resource : own.resource,
        own.context === undefined ? fields.context : own.context,
      );
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
  });
  return { evaluations, semantic };
}

/** What a search asks, with `undefined` for what it is looking for. */
export interface Search {
  subjectType: string;
  subjectId: string | undefined;
  action: string | undefined;
  resourceType: string;
  resourceId: string | undefined;
  page: { token: string | undefined; limit: number | undefined };
  /** All that has to stay the same from page to page, as one text. */
  asked: string;
}

/** @throws Problem `bad_request` */
export function readSearch(body: Buffer, target: 'subject' | 'resource' | 'action'): Search {
  const fields = fieldsOf(body);
  const subject = target === 'subject' ? typeIn(fields.subject, 'subject') : entityIn(fields.subject, 'subject');
  const resource = target === 'resource' ? typeIn(fields.resource, 'resource') : entityIn(fields.resource, 'resource');
  const action = target === 'action' ? undefined : nameIn(fields.action);
  if (fields.context !== undefined) objectIn(fields.context, 'context');
  return {
    subjectType: subject.type,
    subjectId: subject.id,
    action,
    resourceType: resource.type,
    resourceId: resource.id,
    page: readPage(fields.page),
    asked: JSON.stringify([target, ...[fields.subject, fields.action, fields.resource, fields.context].map(sorted)]),
  };
}

function readPage(page: unknown): Search['page'] {
  if (page === undefined) return { token: undefined, limit: undefined };
  const { token, limit } = objectIn(page, 'page');
  if (token !== undefined && typeof token !== 'string') throw badRequest('page.token is not a string');
  if (limit !== undefined && !(Number.isInteger(limit) && (limit as number) >= 0))
    throw badRequest('page.limit is not a non-negative integer');
  return { token: token === '' ? undefined : token, limit: limit as number | undefined };
}

function readSemantic(options: unknown): Semantic {
  if (options === undefined) return 'execute_all';
  const { evaluations_semantic: semantic } = objectIn(options, 'options');
  if (semantic === undefined) return 'execute_all';
  if (semantic === 'execute_all' || semantic === 'deny_on_first_deny' || semantic === 'permit_on_first_permit')
    return semantic;
  throw badRequest('options.evaluations_semantic is none of execute_all, deny_on_first_deny, permit_on_first_permit');
}

function evaluationOf(subject: unknown, action: unknown, resource: unknown, context: unknown): Evaluation {
  const who = entityIn(subject, 'subject');
  const name = nameIn(action);
  const what = entityIn(resource, 'resource');
  if (context !== undefined) objectIn(context, 'context');
  return { subjectType: who.type, subjectId: who.id, action: name, resourceType: what.type, resourceId: what.id };
}

function entityIn(value: unknown, name: string): { type: string; id: string } {
  const { type, id, properties } = objectIn(value, name);
  if (properties !== undefined) objectIn(properties, `${name}.properties`);
  return { type: textIn(type, `${name}.type`), id: textIn(id, `${name}.id`) };
}

/** What a search looks for: its id is passed over, whatever it is. */
function typeIn(value: unknown, name: string): { type: string; id: undefined } {
  return { type: textIn(objectIn(value, name).type, `${name}.type`), id: undefined };
}

function nameIn(action: unknown): string {
  const { name, properties } = objectIn(action, 'action');
  if (properties !== undefined) objectIn(properties, 'action.properties');
  return textIn(name, 'action.name');
}

function fieldsOf(body: Buffer): Fields {
  const value = readJsonBody(body);
  if (value === undefined) throw badRequest('The body is empty.');
  return objectIn(value, 'the body');
}

function objectIn(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw badRequest(value === undefined ? `${name} is missing` : `${name} is not an object`);
}

function textIn(value: unknown, name: string): string {
  if (typeof value !== 'string')
    throw badRequest(value === undefined ? `${name} is missing` : `${name} is not a string`);
  if (value.length > longest) throw badRequest(`${name} is longer than ${longest} characters`);
  return value;
}

/** The same value whatever the order of its members: JSON has none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([name, item]) => [name, sorted(item)])
    .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1));
}

const badRequest = (message: string): Problem => new Problem('bad_request', message);
