import { namedSchemas, type Schema } from './named-schemas.ts';

const names = new Map<string, string>();
for (const [name, schema] of Object.entries(namedSchemas))
  if (!names.has(meaning(schema))) names.set(meaning(schema), name);

/** Every shape that has a name, as it stands in `components.schemas`. */
export function schemaComponents(): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(namedSchemas)
      .filter(([name, schema]) => names.get(meaning(schema)) === name)
      .map(([name, schema]) => [name, written(schema)]),
  );
}

/** A shape as it stands in the document: by its name where it has one, and in the words that generators understand best. */
export function inDocument(schema: Schema): Schema {
  const name = names.get(meaning(schema));
  if (!name) return written(schema);
  const reference = { $ref: `#/components/schemas/${name}` };
  const { description } = schema;
  return description === undefined || description === namedSchemas[name]?.description
    ? reference
    : { ...reference, description };
}

/** The shape itself, whatever stands in it by its name. */
function written(schema: Schema): Schema {
  const { properties, items, anyOf, patternProperties, ...rest } = schema;
  return {
    ...typed(rest),
    ...(properties && { properties: mapped(properties) }),
    ...(items && { items: inDocument(items) }),
    ...(anyOf && orNull(anyOf)),
    // A record of any names: what JSON Schema says in two ways, and generators understand in one.
    ...(patternProperties !== undefined && {
      additionalProperties: valuesOf(patternProperties as Record<string, Schema>),
    }),
  };
}

const mapped = (properties: Record<string, Schema>): Record<string, Schema> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, inDocument(schema)]));

const typed = (schema: Schema): Schema => (Array.isArray(schema.enum) ? { type: 'string', ...schema } : schema);

const valuesOf = (patternProperties: Record<string, Schema>): Schema =>
  inDocument(Object.values(patternProperties)[0] ?? {});

/** A plain value or null is one type with two names; anything else stays a choice. */
function orNull(choices: Schema[]): Schema {
  const [value, other, ...more] = choices;
  const plain =
    value?.type && !value.enum && !value.properties && !value.patternProperties && !names.has(meaning(value));
  if (plain && other?.type === 'null' && more.length === 0) return { ...written(value), type: [value.type, 'null'] };
  return { anyOf: choices.map(inDocument) };
}

/** What a shape means, whatever the words beside it. */
function meaning(schema: Schema): string {
  const { description, ...rest } = schema;
  return JSON.stringify(rest);
}
