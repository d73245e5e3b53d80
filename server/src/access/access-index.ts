import type { Bitset } from '@latchkey/core/access/bitset.ts';
import { bitsetOf } from '@latchkey/core/access/bitset.ts';
import type { CatalogueVocabulary } from '@latchkey/core/access/catalogue-vocabulary.ts';
import { type Held, standing } from '@latchkey/core/access/decision.ts';
import { KeyTable } from '@latchkey/core/access/key-table.ts';
import type { AccessChange } from '../store/access-changes.ts';
import { type AccessStateRow, type AskedName, askedBy, findAccessStates } from '../store/access-states.ts';
import type { Database } from '../store/database.ts';
import { grouped } from '../store/grouped.ts';

/** An organization as far as this node knows it. */
export interface KnownOrganization {
  /** Its scope in the table; never used twice. */
  readonly number: number;
  /** What of everything its plan has; undefined before anything was read. */
  plan: Bitset | undefined;
  /** Everything resident reflects the changes up to this one. */
  revision: number;
  /** Counts what was forgotten: a read that began before must not be kept. */
  changes: number;
}

/** What an answer is decided by, all of one moment. */
export interface Found {
  held: Held;
  plan: Bitset;
  revision: number;
}

const organizationsAtMost = 100_000;
const readAgainAtMost = 100;
/** Words of an entry before its bits. */
const header = { standing: 0, untilHigh: 1, untilLow: 2, words: 3 } as const;
/** A stranger may be invited, which changes no access but the reason of a refusal: asked again after so many milliseconds. */
const emptyAnswersLast = 5_000;

/**
 * Who holds what, kept in memory as it is asked for, for so many members at most. Entries are found by the name that was
 * asked for, so each says of one name what it means; what has changed is forgotten, and read
 * again: at once where it is little, and else when next asked for.
 */
export class AccessIndex {
  readonly #table: KeyTable;
  readonly #vocabulary: CatalogueVocabulary;
  readonly #organizations = new Map<string, KnownOrganization>();
  readonly #read: (asked: AskedName) => Promise<Awaited<ReturnType<typeof findAccessStates>>[number]>;
  readonly #now: () => number;
  /** The one entry being looked at: an answer from memory allocates nothing. */
  readonly #entry: EntryView;
  #lastNumber = 0;

  /** @param now the database's clock, in milliseconds since 1970 */
  constructor(
    db: Database,
    vocabulary: CatalogueVocabulary,
    options: { maximum: number; seed: number; now: () => number },
  ) {
    this.#vocabulary = vocabulary;
    this.#now = options.now;
    this.#table = new KeyTable({
      payloadWords: header.words + vocabulary.words,
      maximum: options.maximum,
      seed: options.seed,
    });
    this.#entry = new EntryView(this.#table);
    this.#read = grouped((asked: AskedName[]) => findAccessStates(db, asked), { atOnce: 2, largest: 500 });
  }

  get size(): number {
    return this.#table.size;
  }

  get bytes(): number {
    return this.#table.bytes;
  }

  organization(id: string): KnownOrganization | undefined {
    return this.#organizations.get(id);
  }

  /** What is in memory about a name; good until the next call. */
  resident(organization: KnownOrganization, name: string): Held | undefined {
    const slot = this.#table.find(organization.number, name);
    if (slot < 0) return undefined;
    this.#entry.slot = slot;
    if (this.#entry.standing !== 0) return this.#entry;
    return this.#now() < this.#entry.until ? this.#entry : undefined;
  }

  /** Reads what a name means, and keeps it unless something changed meanwhile. */
  async read(organizationId: string, name: string): Promise<Found> {
    const organization = this.#known(organizationId);
    const { changes } = organization;
    const answer = await this.#read({ organizationId, ...askedBy(name) });
    if (!answer) throw new Error('the organization of a credential is gone');
    const held = this.#heldOf(answer.member);
    // An answer may be overtaken by one that is newer: what is older than all that is resident is not put beside it.
    if (organization.changes === changes && answer.revision >= organization.revision) {
      organization.plan ??= this.#vocabulary.planBits(answer.plan);
      if (organization.revision < 0) organization.revision = answer.revision;
      // Whoever was invited may accept or be invited anew at any moment: what is said of them is always read.
      if (held.standing === 0 || (held.standing & standing.active) !== 0) this.#keep(organization, name, held);
    }
    return { held, plan: this.#vocabulary.planBits(answer.plan), revision: answer.revision };
  }

  /** Forgets whatever these changes concern, and reads again at once what somebody had asked for, if it is not much. */
  apply(changes: readonly AccessChange[]): void {
    const forgotten: { organizationId: string; name: string }[] = [];
    for (const change of changes) {
      const organization = this.#organizations.get(change.organization_id);
      if (!organization) continue;
      organization.changes++;
      organization.revision = Math.max(organization.revision, change.revision);
      organization.plan = this.#vocabulary.planBits(change.plan);
      for (const name of [change.member_id, change.email, change.external_id, change.former_external_id])
        if (name !== null && this.#table.delete(organization.number, name))
          forgotten.push({ organizationId: change.organization_id, name });
    }
    if (forgotten.length > readAgainAtMost) return;
    // Should that fail, whoever asks next reads it, and is told.
    for (const { organizationId, name } of forgotten) this.read(organizationId, name).catch(() => {});
  }

  /** Forgets everything; reads that are under way are not kept. */
  clear(): void {
    this.#organizations.clear();
  }

  /** Known from before the first read of it, so that no change meanwhile goes unnoticed. */
  #known(id: string): KnownOrganization {
    const known = this.#organizations.get(id);
    if (known) return known;
    if (this.#organizations.size >= organizationsAtMost)
      this.#organizations.delete(this.#organizations.keys().next().value as string);
    const made: KnownOrganization = { number: ++this.#lastNumber, plan: undefined, revision: -1, changes: 0 };
    this.#organizations.set(id, made);
    return made;
  }

  #heldOf(member: AccessStateRow | undefined): StoredHeld {
    return heldOf(this.#vocabulary, member, this.#now() + emptyAnswersLast);
  }

  #keep(organization: KnownOrganization, name: string, held: StoredHeld): void {
    const slot = this.#table.put(organization.number, name);
    this.#table.setWord(slot, header.standing, held.standing);
    this.#table.setWord(slot, header.untilHigh, Math.floor(held.until / 2 ** 32));
    this.#table.setWord(slot, header.untilLow, held.until >>> 0);
    for (let word = 0; word < held.bits.length; word++)
      this.#table.setWord(slot, header.words + word, held.bits[word] as number);
  }
}

interface StoredHeld extends Held {
  bits: Bitset;
}

/**
 * What a stored member holds.
 * @param emptyUntil until when the answer that there is no such member is good
 */
export function heldOf(
  vocabulary: CatalogueVocabulary,
  member: AccessStateRow | undefined,
  emptyUntil: number,
): StoredHeld {
  const bits = bitsetOf(member ? vocabulary.bitsOf(member.permissions) : [], vocabulary.words);
  const granted = (word: number): number => bits[word] ?? 0;
  if (!member || member.status === 'removed') return { standing: 0, until: emptyUntil, bits, granted };
  const ends = member.status === 'pending' ? member.invitation_expires_at : member.access_expires_at;
  const until = Math.max(0, Math.floor(ends ?? 0));
  const is =
    (member.status === 'active' ? standing.active : 0) |
    (member.status === 'pending' ? standing.pending : 0) |
    (member.status === 'declined' ? standing.declined : 0) |
    (member.all_features_access ? standing.everything : 0) |
    (member.is_owner ? standing.owner : 0) |
    (member.suspended ? standing.suspended : 0) |
    (ends !== null ? standing.limited : 0);
  return { standing: is, until, bits, granted };
}

/** An entry of the table as it is decided by. */
class EntryView implements Held {
  slot = 0;
  readonly #table: KeyTable;

  constructor(table: KeyTable) {
    this.#table = table;
  }

  get standing(): number {
    return this.#table.word(this.slot, header.standing);
  }

  get until(): number {
    return this.#table.word(this.slot, header.untilHigh) * 2 ** 32 + this.#table.word(this.slot, header.untilLow);
  }

  granted(word: number): number {
    return this.#table.word(this.slot, header.words + word);
  }
}
