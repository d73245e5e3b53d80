import { wordsFor } from './bitset.ts';

/**
 * The names that access is asked in, and the bit of each: what a catalogue means to whoever answers checks. It is plain data,
 * so that a client that answers by itself is sent the same thing that the server goes by.
 */
export interface AccessVocabulary {
  /** Equal where names, bits and aliases are: what was encoded under one vocabulary means nothing under another. */
  fingerprint: string;
  /** The type by which resources, that is features, are called. */
  resource_type: string;
  /** Feature to permission to bit. */
  permissions: Record<string, Record<string, number>>;
  /** Feature to permission to the bits of all that the name stands for. */
  aliases: Record<string, Record<string, number[]>>;
}

/** Bits of one word of a bitset. */
export interface MaskedWord {
  word: number;
  /** Unsigned. */
  mask: number;
}

/** What is asked for: one permission, or all those that an alias stands for; most have their bits in one word. */
export interface Question extends MaskedWord {
  feature: string;
  permission: string;
  /** The bits of an alias beyond the first word. */
  more: readonly MaskedWord[];
  alias: boolean;
}

export type UnknownName = 'unknown_feature' | 'unknown_permission';

/** A power of two. */
const askedPlaces = 256;

/** A vocabulary ready for asking: each name resolved once. */
export class Vocabulary {
  readonly fingerprint: string;
  readonly resourceType: string;
  /** Bits of every bitset under this vocabulary, and the words that they take. */
  readonly bits: number;
  readonly words: number;
  /** The catalogue's features, in its order. */
  readonly features: readonly string[];
  readonly #questions: ReadonlyMap<string, ReadonlyMap<string, Question>>;
  /** Those asked before, at a place that their names give without being hashed: a product asks the same few all the time. */
  readonly #asked: (Question | undefined)[] = Array.from({ length: askedPlaces }, () => undefined);

  constructor(data: AccessVocabulary) {
    this.fingerprint = data.fingerprint;
    this.resourceType = data.resource_type;
    this.features = Object.keys(data.permissions);
    const bits = Object.values(data.permissions).flatMap((permissions) => Object.values(permissions));
    this.bits = Math.max(-1, ...bits) + 1;
    this.words = wordsFor(this.bits);
    const questions = new Map<string, Map<string, Question>>();
    const add = (feature: string, permission: string, wanted: readonly number[], alias: boolean): void => {
      const own = questions.get(feature) ?? new Map<string, Question>();
      own.set(permission, questionOf(feature, permission, wanted, alias));
      questions.set(feature, own);
    };
    for (const [feature, aliases] of Object.entries(data.aliases))
      for (const [permission, wanted] of Object.entries(aliases)) add(feature, permission, wanted, true);
    for (const [feature, permissions] of Object.entries(data.permissions))
      for (const [permission, bit] of Object.entries(permissions)) add(feature, permission, [bit], false);
    this.#questions = questions;
  }

  /** What a name asks for, or how it is unknown. */
  question(feature: string, permission: string): Question | UnknownName {
    const place = (feature.length * 5 + permission.length * 11 + permission.charCodeAt(0)) & (askedPlaces - 1);
    const asked = this.#asked[place];
    if (asked !== undefined && asked.feature === feature && asked.permission === permission) return asked;
    const permissions = this.#questions.get(feature);
    if (permissions === undefined) return 'unknown_feature';
    const question = permissions.get(permission);
    if (question === undefined) return 'unknown_permission';
    this.#asked[place] = question;
    return question;
  }

  /** Every permission that is no alias, in the catalogue's order. */
  *permissions(feature?: string): Generator<Question> {
    const features = feature === undefined ? this.#questions.values() : [this.#questions.get(feature) ?? new Map()];
    for (const permissions of features)
      for (const question of permissions.values()) if (!question.alias) yield question;
  }
}

function questionOf(feature: string, permission: string, bits: readonly number[], alias: boolean): Question {
  const masks = new Map<number, number>();
  for (const bit of bits) masks.set(bit >>> 5, ((masks.get(bit >>> 5) ?? 0) | (1 << (bit & 31))) >>> 0);
  const [first = { word: 0, mask: 0 }, ...more] = [...masks].map(([word, mask]) => ({ word, mask }));
  return { feature, permission, word: first.word, mask: first.mask, more, alias };
}
