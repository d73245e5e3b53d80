import { bitsetOf } from '../../core/src/access/bitset.ts';
import { catalogueVocabulary } from '../../core/src/access/catalogue-vocabulary.ts';
import { decide, type Held, standing } from '../../core/src/access/decision.ts';
import { KeyTable } from '../../core/src/access/key-table.ts';
import { builtInCatalogue } from '../../core/src/catalogue/built-in.ts';
import { loadCatalogue } from '../../core/src/catalogue/load.ts';

/** Fills the table that the access index keeps its members in, and asks it, without a database and without HTTP. */
process.on('message', (order: TableOrder) => process.send?.(measure(order)));
process.on('disconnect', () => process.exit());

export interface TableOrder {
  members: number;
  questions: number;
  /** Addresses among a hundred that have 40 to 60 characters. */
  longer: number;
}

export interface TableFigures {
  members: number;
  /** MB beyond the process before it had a table, with all garbage collected. */
  resident: number;
  /** MB of the table's arrays. */
  arrays: number;
  /** The longest that one insertion took, in milliseconds. */
  longestInsertion: number;
  /** Nanoseconds to find a member in random order and decide; of several passes, the median and the fastest. */
  check: number;
  fastestCheck: number;
}

const words = { standing: 0, bits: 3 };
const passes = 7;

function measure({ members, questions, longer }: TableOrder): TableFigures {
  const catalogue = loadCatalogue(builtInCatalogue);
  const assigned = [...catalogue.permissions].map((name, bit) => {
    const [feature = '', permission = ''] = name.split(':');
    return { feature, permission, bit };
  });
  const vocabulary = catalogueVocabulary(catalogue, assigned);
  const question = vocabulary.question('contacts', 'view');
  if (typeof question === 'string') throw new Error(question);
  const plan = vocabulary.planBits('enterprise');
  const bits = bitsetOf(vocabulary.bitsOf(['contacts:view', 'contacts:export']), vocabulary.words);

  const before = residentAfterCollecting();
  const table = new KeyTable({ payloadWords: words.bits + vocabulary.words, maximum: members * 1.2, seed: 1 });
  let longestInsertion = 0;
  for (let member = 0; member < members; member++) {
    const started = performance.now();
    const slot = table.put(1, nameOf(member, longer));
    longestInsertion = Math.max(longestInsertion, performance.now() - started);
    table.setWord(slot, words.standing, standing.active);
    for (let word = 0; word < bits.length; word++) table.setWord(slot, words.bits + word, bits[word] as number);
  }
  const resident = residentAfterCollecting() - before;

  const names = Array.from({ length: questions }, (_, place) => nameOf((place * 7_368_787 + 13) % members, longer));
  const entry = new Entry(table);
  const times = Array.from({ length: passes }, () => {
    const started = performance.now();
    for (const name of names) {
      entry.slot = table.find(1, name);
      if (entry.slot < 0 || decide(entry, question, plan, 0) !== 'granted') throw new Error('a member is missing');
    }
    return ((performance.now() - started) * 1e6) / questions;
  }).toSorted((a, b) => a - b);
  return {
    members: table.size,
    resident,
    arrays: table.bytes / 1e6,
    longestInsertion,
    check: times[passes >> 1] ?? Number.NaN,
    fastestCheck: times[0] ?? Number.NaN,
  };
}

/** As long as addresses are on average. */
const nameOf = (member: number, longer: number): string =>
  member % 100 < longer
    ? `firstname.lastname${member}@${'division'.slice(member % 8)}.headquarters.example.com`
    : `firstname.lastname${member}@example.com`;

function residentAfterCollecting(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
}

class Entry implements Held {
  slot = 0;
  readonly until = 0;
  readonly #table: KeyTable;

  constructor(table: KeyTable) {
    this.#table = table;
  }

  get standing(): number {
    return this.#table.word(this.slot, words.standing);
  }

  granted(word: number): number {
    return this.#table.word(this.slot, words.bits + word);
  }
}
