import { type Bitset, decodeBitset, wordsFor } from '@latchkey/core/access/bitset.ts';
import { allowsUnbarred, type Held, isUnbarred, standing, standingBits } from '@latchkey/core/access/decision.ts';
import { KeyTable } from '@latchkey/core/access/key-table.ts';
import type { Question, Vocabulary } from '@latchkey/core/access/vocabulary.ts';
import type { ChangeEvent, MemberState, SnapshotHead } from './wire.ts';

/** A row is what was granted, and in the highest bits of its last word the standing: as small as it can be, it is near more often. */
const standingShift = 32 - standingBits;
const withoutStanding = (1 << standingShift) - 1;
const firstRows = 64;
/** Ids are kept apart from all other names: a product's own id may look like one, and must never be taken for it. */
const scope = { id: 0, other: 1 } as const;
const idLength = 36;

/**
 * The access of everybody in one organization: a row of words for each member, and a table from every name by which they may
 * be asked for to their row. A row is never given to somebody else.
 */
export class ReplicaState {
  readonly vocabulary: Vocabulary;
  plan: Bitset;
  revision: number;
  /** The run of the database it is of: after another began, what is here may never have happened. */
  readonly epoch: string;
  readonly rowWords: number;
  rows: Uint32Array;
  /** Counts how often a name may have come to mean somebody else. */
  renamed = 0;
  /** When the access of those ends for whom it does: few, so that the rows of all the others are shorter. */
  readonly #limits = new Map<number, number>();
  #count = 0;
  readonly #names: KeyTable;
  /** What was known before, while this is being filled: whoever is in it keeps their row. */
  #before: ReplicaState | undefined;

  /** @param before the state that this takes the place of: no number of it comes to mean somebody else */
  constructor(vocabulary: Vocabulary, head: Pick<SnapshotHead, 'plan' | 'revision' | 'epoch'>, before?: ReplicaState) {
    this.#before = before;
    this.#count = before === undefined ? 0 : before.#count;
    this.vocabulary = vocabulary;
    this.plan = decodeBitset(head.plan, vocabulary.words);
    this.revision = head.revision;
    this.epoch = head.epoch;
    this.rowWords = wordsFor(vocabulary.bits + standingBits);
    this.rows = new Uint32Array(Math.max(firstRows, this.#count) * this.rowWords);
    const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
    this.#names = new KeyTable({ payloadWords: 1, seed });
  }

  /** Bytes outside the garbage collector's sight. */
  get bytes(): number {
    return this.rows.byteLength + this.#names.bytes;
  }

  /** The number of the member's row; -1 for nobody. An id goes before an external id of the same text. */
  find(name: string): number {
    const byId = name.length === idLength ? this.#find(scope.id, name) : -1;
    return byId < 0 ? this.#find(scope.other, name) : byId;
  }

  #find(kind: number, name: string): number {
    const slot = this.#names.find(kind, name);
    return slot < 0 ? -1 : this.#names.word(slot, 0);
  }

  /** The row of a number that was given before; -1 for one that never was. */
  rowOf(number: number): number {
    return number >= 0 && number < this.#count ? number : -1;
  }

  /** Whether the member of a row may, where their row and the plan alone say so; undefined where there is more to it. */
  allows(number: number, { word, mask, more }: Question): boolean | undefined {
    if (number < 0 || more.length > 0) return undefined;
    const is = this.standingOf(number);
    if (!isUnbarred(is)) return undefined;
    return allowsUnbarred(is, this.granted(number, word), this.plan[word] as number, mask);
  }

  /** Of a row that was given, bits of `standing`. */
  standingOf(number: number): number {
    return (this.rows[(number + 1) * this.rowWords - 1] as number) >>> standingShift;
  }

  /** Of a row that was given, a word of what was granted; beyond the vocabulary's bits it means nothing. */
  granted(number: number, word: number): number {
    return this.rows[number * this.rowWords + word] as number;
  }

  /** Milliseconds since 1970 at which the access of a row ends; 0 where it has no limit. */
  until(number: number): number {
    return this.#limits.get(number) ?? 0;
  }

  /** All of a snapshot has been put: what was known before is let go. */
  complete(): this {
    this.#before = undefined;
    return this;
  }

  apply(event: ChangeEvent): void {
    for (const name of event.former_external_ids) this.#names.delete(scope.other, name);
    if (event.former_external_ids.length > 0) this.renamed++;
    // Whoever left first: somebody else may have come under the same address since.
    for (const member of event.members) if (!member.active) this.#remove(member);
    for (const member of event.members) if (member.active) this.put(member);
    if (event.plan !== undefined) this.plan = decodeBitset(event.plan, this.vocabulary.words);
    this.revision = event.revision;
  }

  put(member: MemberState): void {
    const found = this.#find(scope.id, member.id);
    const before = this.#before;
    const kept = found < 0 && before !== undefined ? before.#find(scope.id, member.id) : found;
    const number = kept < 0 ? this.#newRow() : kept;
    const is =
      standing.active |
      (member.all_features_access ? standing.everything : 0) |
      (member.owner ? standing.owner : 0) |
      (member.suspended ? standing.suspended : 0) |
      (member.access_expires_at === null ? 0 : standing.limited);
    // What cannot be read has ended.
    if (member.access_expires_at === null) this.#limits.delete(number);
    else this.#limits.set(number, Date.parse(member.access_expires_at) || 0);
    const row = number * this.rowWords;
    const last = row + this.rowWords - 1;
    this.rows[last] = 0;
    this.rows.set(decodeBitset(member.permissions, this.vocabulary.words), row);
    this.rows[last] = ((this.rows[last] as number) & withoutStanding) | (is << standingShift);
    this.#names.setWord(this.#names.put(scope.id, member.id), 0, number);
    for (const name of namesOf(member)) this.#names.setWord(this.#names.put(scope.other, name), 0, number);
  }

  #remove(member: MemberState): void {
    const number = this.#find(scope.id, member.id);
    if (number < 0) return;
    this.rows.fill(0, number * this.rowWords, (number + 1) * this.rowWords);
    this.#limits.delete(number);
    this.#names.delete(scope.id, member.id);
    for (const name of namesOf(member))
      if (this.#find(scope.other, name) === number) this.#names.delete(scope.other, name);
  }

  #newRow(): number {
    const number = this.#count++;
    if (this.#count * this.rowWords > this.rows.length) {
      const longer = new Uint32Array(Math.ceil(this.#count * 1.25) * this.rowWords);
      longer.set(this.rows);
      this.rows = longer;
    }
    return number;
  }
}

/** By what a member may be asked for besides their id. */
const namesOf = ({ email, external_id: externalId }: MemberState): string[] =>
  externalId === undefined ? [email] : [email, externalId];

/** A member's row as it is decided by; a row of -1 is nobody's. */
export class Row implements Held {
  state: ReplicaState;
  number: number;

  constructor(state: ReplicaState, number: number) {
    this.state = state;
    this.number = number;
  }

  get standing(): number {
    return this.number < 0 ? 0 : this.state.standingOf(this.number);
  }

  get isLimited(): boolean {
    return (this.standing & standing.limited) !== 0;
  }

  get until(): number {
    return this.state.until(this.number);
  }

  granted(word: number): number {
    return this.state.granted(this.number, word);
  }
}
