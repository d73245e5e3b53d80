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

/** What is asked for: one permission, or all those that an alias stands for. */
export interface Question {
  feature: string;
  permission: string;
  /** Where the first bit is; most questions have no other. */
  word: number;
  mask: number;
  /** The bits of an alias beyond the first word. */
  more: readonly { word: number; mask: number }[];
  alias: boolean;
}

export type UnknownName = 'unknown_feature' | 'unknown_permission';

/** A vocabulary ready for asking: each name resolved once. */
export class Vocabulary {
  readonly fingerprint: string;
  readonly resourceType: string;
  /** Words of every bitset under this vocabulary. */
  readonly words: number;
  /** The catalogue's features, in its order. */
  readonly features: readonly string[];
  readonly #questions: ReadonlyMap<string, ReadonlyMap<string, Question>>;

  constructor(data: AccessVocabulary) {
    this.fingerprint = data.fingerprint;
    this.resourceType = data.resource_type;
    this.features = Object.keys(data.permissions);
    const bits = Object.values(data.permissions).flatMap((permissions) => Object.values(permissions));
    this.words = wordsFor(Math.max(-1, ...bits) + 1);
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
    const permissions = this.#questions.get(feature);
    if (permissions === undefined) return 'unknown_feature';
    return permissions.get(permission) ?? 'unknown_permission';
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
