/** A body with one place of it made wrong. */
export interface Mutant {
  /** As an error names it: `privileges[0].feature`; empty for the body itself. */
  place: string;
  change: string;
  body: unknown;
}

/** What no place of a valid request is replaced by without becoming another request. */
const others: unknown[] = [
  null,
  true,
  false,
  'true',
  'false',
  'null',
  0,
  1,
  -1,
  1.5,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '0',
  'nonsense',
  'x'.repeat(10_000),
  [],
  [null],
  [[]],
  {},
  { length: 1 },
];

const strangers = ['extra_parameter', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '$ref', '', 'ſ', '0'];

/**
 * Every body that differs from a valid one in a single place: another value there, wrapped, missing, or with something
 * unknown beside it. Bodies equal to the valid one are left out.
 */
export function* mutantsOf(value: unknown): Generator<Mutant> {
  const valid = JSON.stringify(value);
  for (const mutant of changesTo(value, '')) if (JSON.stringify(mutant.body) !== valid) yield mutant;
}

function* changesTo(value: unknown, place: string): Generator<Mutant> {
  for (const other of others) yield { place, change: `is ${JSON.stringify(other)?.slice(0, 40)}`, body: other };
  yield { place, change: 'is wrapped in a list', body: [value] };
  yield { place, change: 'is wrapped in an object', body: { value } };
  if (typeof value === 'boolean' || typeof value === 'number')
    yield { place, change: 'is written as a string', body: String(value) };
  if (Array.isArray(value)) yield* changesToList(value, place);
  else if (typeof value === 'object' && value !== null) yield* changesToObject(value, place);
}

function* changesToList(list: unknown[], place: string): Generator<Mutant> {
  yield {
    place,
    change: 'is 10,000 long',
    body: Array.from({ length: 10_000 }, (_, index) => list[index % list.length]),
  };
  yield { place, change: 'is an object with indexes', body: { ...list } };
  for (const [index, item] of list.entries()) {
    for (const mutant of changesTo(item, `${place}[${index}]`)) {
      yield { ...mutant, body: list.with(index, mutant.body) };
    }
  }
}

function* changesToObject(object: object, place: string): Generator<Mutant> {
  const entries = Object.entries(object);
  const at = (name: string): string => (place ? `${place}.${name}` : name);
  for (const [name, item] of entries) {
    const rest = entries.filter(([other]) => other !== name);
    yield { place: at(name), change: 'is missing', body: Object.fromEntries(rest) };
    const renamed = `${name}_`;
    yield { place: at(renamed), change: 'is a misspelt name', body: Object.fromEntries([...rest, [renamed, item]]) };
    const upper = name.toUpperCase();
    yield { place: at(upper), change: 'is in another case', body: Object.fromEntries([...entries, [upper, item]]) };
    for (const mutant of changesTo(item, at(name)))
      yield { ...mutant, body: Object.fromEntries(entries.map(([n, v]) => [n, n === name ? mutant.body : v])) };
  }
  for (const stranger of strangers)
    yield { place: at(stranger), change: 'is unknown', body: Object.fromEntries([...entries, [stranger, true]]) };
}
