import { createHash } from 'node:crypto';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { featureOf, type PermissionName, permissionOf } from '../permission.ts';
import { type Bitset, bitsetOf } from './bitset.ts';
import { type AccessVocabulary, Vocabulary } from './vocabulary.ts';

/** A catalogue as access checks see it: its names as bits, its plans as masks. */
export interface CatalogueVocabulary extends Vocabulary {
  /** The same as plain data. */
  data: AccessVocabulary;
  /** What of the catalogue a plan has, and what administers Latchkey itself, which no plan masks. */
  planBits(plan: string): Bitset;
  /** The bits of stored names. Aliases are followed; what the catalogue no longer has counts for nothing. */
  bitsOf(names: readonly string[]): readonly number[];
  /** The stored names that give a permission: its own, and every alias that stands for it among others. */
  namesThatGive(name: string): string[];
}

/** @param assigned each permission's bit in this installation; one for every permission of the catalogue */
export function catalogueVocabulary(
  catalogue: Catalogue,
  assigned: readonly { feature: string; permission: string; bit: number }[],
): CatalogueVocabulary {
  const bits = new Map(assigned.map(({ feature, permission, bit }) => [`${feature}:${permission}`, bit]));
  const bitOf = (name: PermissionName): number => {
    const bit = bits.get(name);
    if (bit === undefined) throw new Error(`${name} was given no bit`);
    return bit;
  };
  const names = [...catalogue.permissions].map((name) => ({ name, wanted: bitOf(name) }));
  const aliases = [...catalogue.aliases].map(([name, targets]) => ({ name, wanted: targets.map(bitOf) }));
  const meaning = { resource_type: catalogue.resourceType, permissions: byFeature(names), aliases: byFeature(aliases) };
  const plansInBits = [...catalogue.plans.values()].map((plan) => [plan.name, [...plan.permissions].map(bitOf).sort()]);
  const unmasked = Object.values(catalogue.administration);
  // What a plan has travels as bits too: under other plans those mean nothing, just as under other names.
  const fingerprint = fingerprintOf({ ...meaning, plans: plansInBits, unmasked: unmasked.map(bitOf) });
  const data = { fingerprint, ...meaning };

  const vocabulary = new Vocabulary(data);
  const stored = new Map<string, readonly number[]>([
    ...names.map(({ name, wanted }) => [name, [wanted]] as const),
    ...aliases.map(({ name, wanted }) => [name, wanted] as const),
  ]);
  const plans = new Map(
    [...catalogue.plans.values()].map((plan) => [
      plan.name,
      bitsetOf([...plan.permissions, ...unmasked].map(bitOf), vocabulary.words),
    ]),
  );
  // A plan that the catalogue no longer has gives nothing, rather than everything.
  const unknownPlan = bitsetOf(unmasked.map(bitOf), vocabulary.words);
  return Object.assign(vocabulary, {
    data,
    planBits: (plan: string) => plans.get(plan) ?? unknownPlan,
    namesThatGive: (name: string) => [
      name,
      ...[...catalogue.aliases]
        .filter(([, targets]) => targets.includes(name as PermissionName))
        .map(([alias]) => alias),
    ],
    bitsOf: (permissions: readonly string[]) => permissions.flatMap((name) => stored.get(name) ?? []),
  });
}

function byFeature<T>(entries: readonly { name: PermissionName; wanted: T }[]): Record<string, Record<string, T>> {
  // A name may be `constructor`, which an object seems to have already.
  const features = Map.groupBy(entries, ({ name }) => featureOf(name));
  return Object.fromEntries(
    [...features].map(([feature, own]) => [
      feature,
      Object.fromEntries(own.map(({ name, wanted }) => [permissionOf(name), wanted])),
    ]),
  );
}

/** SHA-256 over names, bits and plans, cut to 96 bits: it tells vocabularies apart, and protects nothing. */
function fingerprintOf(meaning: object): string {
  const ordered = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.entries(value)
          .map(([name, item]) => [name, ordered(item)])
          .sort()
      : value;
  return createHash('sha256')
    .update(JSON.stringify(ordered(meaning)))
    .digest('base64url')
    .slice(0, 16);
}
