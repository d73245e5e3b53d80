/** What of JSON Schema the contract uses. */
export interface Schema {
  type?: string | undefined;
  const?: unknown;
  enum?: readonly unknown[] | undefined;
  anyOf?: readonly Schema[] | undefined;
  items?: Schema | undefined;
  properties?: Record<string, Schema> | undefined;
  patternProperties?: Record<string, Schema> | undefined;
  required?: readonly string[] | undefined;
  pattern?: string | undefined;
  description?: string | undefined;
}

export interface Printing {
  /** Schemas printed by their name. */
  named?: Record<string, Schema>;
  /** Whether a field that may be absent may also be said to be undefined: kind in what is given to us. */
  optionalUndefined?: boolean;
  /** Print texts that consist of digits as numbers, for a query, where everything is a text. */
  digitsAsNumbers?: boolean;
  /** Fields to leave out. */
  without?: readonly string[];
}

/** A JSON Schema as a TypeScript type. @throws Error for what it cannot say, so that nothing is printed wrongly */
export function printType(schema: Schema, printing: Printing = {}): string {
  const name = nameOf(schema, printing);
  if (name) return name;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((part) => printType(part, printing)).join(' | ');
  switch (schema.type) {
    case 'string':
      return printing.digitsAsNumbers && isDigits(schema) ? 'number' : 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'null':
      return schema.type;
    case 'array':
      return arrayOf(printType(schema.items ?? {}, printing));
    case 'object':
      return printObject(schema, printing);
    case undefined:
      if (Object.keys(schema).filter((key) => key !== 'description').length === 0) return 'unknown';
  }
  throw new Error(`no TypeScript type is known for ${JSON.stringify(schema)}`);
}

/** The fields of an object's schema as lines of an interface, each with its description before it. */
export function fieldsOf(schema: Schema, printing: Printing = {}): string[] {
  const { optionalUndefined = true, without = [] } = printing;
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => {
      const comment = value.description === undefined ? '' : `${docComment(value.description)}\n`;
      const type = printType(value, printing);
      if (required.has(name)) return `${comment}${name}: ${type};`;
      return `${comment}${name}?: ${type}${optionalUndefined ? ' | undefined' : ''};`;
    });
}

/** Paragraphs as a comment in front of what they describe. */
export function docComment(...paragraphs: string[]): string {
  const lines = paragraphs.map((paragraph) => wrapped(paragraph.replaceAll('*/', '*\\/'), 110));
  if (lines.length === 1 && lines[0]?.length === 1) return `/** ${lines[0][0]} */`;
  return `/**\n${lines.map((paragraph) => paragraph.map((line) => ` * ${line}`).join('\n')).join('\n *\n')}\n */`;
}

function nameOf(schema: Schema, { named = {} }: Printing): string | undefined {
  return Object.keys(named).find((name) => plain(named[name]) === plain(schema));
}

/** By its meaning: the same shape described in other words is the same type. */
const plain = (schema: Schema | undefined): string => {
  const meaning = { ...schema };
  delete meaning.description;
  return JSON.stringify(meaning);
};

function printObject(schema: Schema, printing: Printing): string {
  const [values, ...others] = Object.values(schema.patternProperties ?? {});
  if (values && others.length === 0 && !schema.properties) return `Record<string, ${printType(values, printing)}>`;
  const fields = fieldsOf(schema, { ...printing, without: [] });
  return fields.length === 0 ? 'Record<string, never>' : `{\n${fields.join('\n')}\n}`;
}

const arrayOf = (type: string): string => (/^[\w.]+$/.test(type) ? `${type}[]` : `Array<${type}>`);

const isDigits = ({ pattern = 'x' }: Schema): boolean => /^[\^$()|[\]{},0-9-]+$/.test(pattern);

const literal = (value: unknown): string =>
  typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
