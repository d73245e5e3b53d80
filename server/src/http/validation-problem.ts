import { Problem, type ProblemCode, type ProblemDetail } from '@latchkey/core/problem.ts';
import { nearest } from '@latchkey/core/suggestion.ts';
import type { FastifySchemaValidationError } from 'fastify';

type SchemaError = FastifySchemaValidationError & {
  parentSchema?: { properties?: Record<string, unknown> };
  data?: object | null;
};

/** Turns the validator's first error into a problem that says what was wrong, where, and what to do. */
export function validationProblem(error: SchemaError, part: string): Problem {
  const path = readablePath(error.instancePath);
  const { code, detail } = explain(error, path, part);
  return new Problem(code, detail.message, [detail]);
}

function explain(error: SchemaError, path: string, part: string): { code: ProblemCode; detail: ProblemDetail } {
  const at = path || part;
  const { params } = error;
  switch (error.keyword) {
    case 'required': {
      const name = joined(path, String(params.missingProperty));
      const instead = misspelt(error, String(params.missingProperty));
      const message = instead ? `${name} is missing (${instead} is not known here)` : `${name} is missing`;
      return { code: 'missing_parameter', detail: { path: name, reason: 'missing', message } };
    }
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const suggestion = nearest(name, Object.keys(error.parentSchema?.properties ?? {}));
      const shown = joined(path, name.slice(0, 60)) || part;
      return invalid({
        path: shown,
        reason: 'unknown_parameter',
        message: `unknown parameter: ${shown}${suggestion ? ` (did you mean ${suggestion}?)` : ''}`,
        ...(suggestion && { suggestion }),
      });
    }
    case 'type':
      if (at === 'body')
        return {
          code: 'missing_parameter',
          detail: {
            path: 'body',
            reason: 'missing',
            message: 'The body is a JSON object; send one, with Content-Type: application/json.',
          },
        };
      return invalid({ path: at, reason: 'wrong_type', message: `${at} must be ${typeNames(params.type)}` });
    case 'enum':
    case 'const': {
      const allowed = [params.allowedValues ?? params.allowedValue].flat().map(String);
      return invalid({
        path: at,
        reason: 'not_one_of',
        message: `${at} must be one of ${allowed.slice(0, 30).join(', ')}`,
      });
    }
    case 'maxLength':
    case 'maxItems':
    case 'maximum':
    case 'minLength':
    case 'minItems':
    case 'minimum':
      return { code: 'out_of_range', detail: { path: at, reason: 'out_of_range', message: `${at} ${error.message}` } };
    default:
      return invalid({
        path: at,
        reason: 'invalid_format',
        message: `${at} ${error.keyword === 'pattern' ? 'does not have the form that is expected here' : error.message}`,
      });
  }
}

/** What was perhaps written for a name that is missing, such as `allFeaturesAccess` for `all_features_access`. */
function misspelt({ data, parentSchema }: SchemaError, missing: string): string | undefined {
  const unknown = Object.keys(data ?? {}).filter((name) => !Object.hasOwn(parentSchema?.properties ?? {}, name));
  return unknown.find((name) => nearest(name, [missing]) !== undefined)?.slice(0, 60);
}

const invalid = (detail: ProblemDetail): { code: ProblemCode; detail: ProblemDetail } => ({
  code: 'invalid_parameter',
  detail,
});

const joined = (path: string, name: string): string => (path ? `${path}.${name}` : name);

/** `/privileges/0/feature` as people write it: `privileges[0].feature`. */
const readablePath = (pointer: string): string =>
  pointer
    .slice(1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
    .replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]')
    .replaceAll('/', '.')
    .slice(0, 200);

const typeNames = (type: unknown): string =>
  [type]
    .flat()
    .map((name) => (name === 'null' ? 'null' : `${/^[aeiou]/.test(String(name)) ? 'an' : 'a'} ${name}`))
    .join(' or ');
