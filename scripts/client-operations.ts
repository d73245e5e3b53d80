// Writes client/src/operations.ts from the contract; with --check it only says whether that is up to date.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { grantingReasons, refusingReasons, remedies } from '@latchkey/core/access/decision.ts';
import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { HeldPrivileges, RowProblem } from '@latchkey/core/api/values.ts';
import { MemberStatus } from '@latchkey/core/member.ts';
import { Privilege } from '@latchkey/core/privilege.ts';
import { problemCodes } from '@latchkey/core/problem.ts';
import { docComment, fieldsOf, printType, type Schema } from './schema-types.ts';

const file = fileURLToPath(new URL('../client/src/operations.ts', import.meta.url));

const imports = [
  "import type { AtRevision, Call, CallOptions, IdempotencyKey, IfMatch } from './call.ts';",
  "import type { OperationShape } from './operation-shape.ts';",
];

/** Schemas that get a name of their own wherever they stand. */
const named: Record<string, Schema> = { MemberStatus, Privilege, HeldPrivilege: HeldPrivileges.items, RowProblem };

if (!process.argv.includes('--check')) writeFileSync(file, formatted(source()));
else if (readFileSync(file, 'utf8') !== formatted(source())) {
  process.stderr.write('client/src/operations.ts is not what core/src/api says; run: npm run docs\n');
  process.exitCode = 1;
}

function source(): string {
  // A stream is no reply that a promise could give: the replica reads those.
  const operations = Object.entries<Operation>(api).filter(([, { reply }]) => !reply.stream);
  return `// Generated from core/src/api by \`npm run docs\`.
${imports.join('\n')}

/** What a server can refuse a request for; docs/errors.md explains each. */
export type ProblemCode = ${oneOf(Object.keys(problemCodes))};

/** Why access is given, or why it is not. */
export type AccessReason = ${oneOf([...grantingReasons, ...refusingReasons])};

/** What would have to change for a refusal to become a yes. */
export type Remedy = ${oneOf(remedies)};

${Object.entries(named)
  .map(([name, schema]) => `export type ${name} = ${printType(schema)};`)
  .join('\n\n')}

${operations.map(([name, operation]) => typesOf(name, operation)).join('\n\n')}

/** Every operation as data: where it is, and where the parts of its input go. */
export const operations = {
${operations.map(([name, operation]) => `${name}: ${JSON.stringify(shapeOf(operation))},`).join('\n')}
} as const satisfies Record<string, OperationShape>;

export type OperationName = keyof typeof operations;

/** The operations as methods. What a method takes and gives is the contract’s, in one flat object each. */
export abstract class Operations {
  protected abstract send<Reply>(operation: OperationName, input?: object, options?: CallOptions): Call<Reply>;
  protected abstract iterate<Item>(operation: OperationName, input?: object, options?: CallOptions): AsyncGenerator<Item, void>;

${operations.map(([name, operation]) => methodsOf(name, operation)).join('\n\n')}
}
`;
}

function oneOf(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(' | ');
}

function typesOf(name: string, operation: Operation): string {
  const types: string[] = [];
  const input = inputFields(name, operation);
  if (input.length > 0) types.push(`export interface ${typeName(name)}Input {\n${input.join('\n')}\n}`);
  const list = listOf(name, operation);
  const reply = fieldsOf(operation.reply.body, { named, optionalUndefined: false });
  if (list) {
    types.push(
      `export interface ${list.item} {\n${fieldsOf(list.schema, { named, optionalUndefined: false }).join('\n')}\n}`,
    );
    const others = inputFields(name, operation, ['cursor', 'limit', 'offset']);
    types.push(`/** Which ones to go through, and how many a request brings: \`pageSize\`, 100 where absent. */
export interface ${list.item}Filter {\n${others.join('\n')}\npageSize?: number | undefined;\n}`);
  }
  const replyFields = list
    ? reply.map((field) => (field.startsWith(`${list.property}:`) ? `${list.property}: ${list.item}[];` : field))
    : reply;
  types.push(`export interface ${typeName(name)}Reply {\n${replyFields.join('\n')}\n}`);
  return types.join('\n\n');
}

/** Path, query and body in one flat object. No two parts of an operation have a name in common, and this keeps it so. */
function inputFields(name: string, { params, query, body }: Operation, without: string[] = []): string[] {
  const parts = [params, query, body].filter((part) => part !== undefined) as Schema[];
  const names = parts.flatMap((part) => Object.keys(part.properties ?? {}));
  const twice = names.find((field, index) => names.indexOf(field) !== index);
  if (twice) throw new Error(`${name} has two inputs of the name ${twice}, which one flat object cannot hold`);
  return parts.flatMap((part) =>
    fieldsOf(part, { named, optionalUndefined: true, digitsAsNumbers: part === query, without }),
  );
}

function shapeOf(operation: Operation): object {
  const query = Object.keys(operation.query?.properties ?? {});
  return {
    method: operation.method,
    path: operation.protocol === 'authzen' ? operation.path : `/v3${operation.path}`,
    ...(query.length > 0 && { query }),
    ...(operation.body && { body: true }),
    ...(operation.method === 'POST' && operation.protocol !== 'authzen' && { once: true }),
    ...(takesHeader(operation, 'if-match') && { conditional: true }),
    ...(listOf('', operation) && { list: listOf('', operation)?.property }),
  };
}

function methodsOf(name: string, operation: Operation): string {
  const type = typeName(name);
  const input = inputFields(name, operation);
  const required = input.some((field) => /^\w+:/m.test(field));
  const given = input.length > 0 ? `input${required ? '' : '?'}: ${type}Input, ` : '';
  const method = `${docComment(...wordsFor(operation))}
${name}(${given}options?: ${optionsOf(operation)}): Call<${type}Reply> {
  return this.send('${name}', ${input.length > 0 ? 'input' : 'undefined'}, options);
}`;
  const list = listOf(name, operation);
  if (!list) return method;
  return `${method}

${docComment(`${operation.summary}, one by one, page after page.`, operation.description)}
${list.plural}(filter?: ${list.item}Filter, options?: CallOptions): AsyncGenerator<${list.item}, void> {
  return this.iterate('${name}', filter, options);
}`;
}

function wordsFor(operation: Operation): string[] {
  const gone =
    'Repeated after a reply that was lost it answers 404 (`document_not_found`), with `attempts` of the error above 1: what was to be deleted is gone.';
  return [`${operation.summary}.`, operation.description, ...(operation.method === 'DELETE' ? [gone] : [])];
}

function optionsOf(operation: Operation): string {
  const options = [
    'CallOptions',
    ...(operation.method === 'POST' && operation.protocol !== 'authzen' ? ['IdempotencyKey'] : []),
    ...(takesHeader(operation, 'if-match') ? ['IfMatch'] : []),
    ...(takesHeader(operation, 'latchkey-revision') ? ['AtRevision'] : []),
  ];
  return options.join(' & ');
}

function takesHeader({ headers }: Operation, name: string): boolean {
  return name in (headers?.properties ?? {});
}

/** An operation is a list to go through if its query takes the cursor that its reply gives. */
function listOf(name: string, { query, reply }: Operation) {
  if (!('cursor' in (query?.properties ?? {})) || !('cursor' in reply.body.properties)) return undefined;
  const [property, ...others] = Object.entries(reply.body.properties as Record<string, Schema>).filter(
    ([, schema]) => schema.type === 'array',
  );
  if (!property?.[1].items || others.length > 0)
    throw new Error(`${name} pages through nothing, or through two things`);
  const plural = name.replace(/^list/, '');
  const item = plural.endsWith('ies') ? `${plural.slice(0, -3)}y` : plural.replace(/s$/, '');
  return {
    property: property[0],
    schema: property[1].items,
    item,
    plural: plural.charAt(0).toLowerCase() + plural.slice(1),
  };
}

function typeName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function formatted(text: string): string {
  const { stdout, stderr, status } = spawnSync('biome', ['format', `--stdin-file-path=${file}`], {
    input: text,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`biome cannot format what was generated:\n${stderr}`);
  return stdout;
}
