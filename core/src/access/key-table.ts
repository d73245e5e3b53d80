/**
 * A map from (scope, text) to a few 32-bit words, kept in typed arrays: a million keys cost tens of megabytes outside the
 * garbage collector's sight, where a Map of as many strings costs more than a hundred inside it.
 *
 * A look-up compares the whole key; the hash only says where to begin. Entries stand in pages that are never moved, so that
 * nothing is copied when there are more of them and no memory is left in holes; the places where looking begins are split
 * into segments that grow one at a time. With a maximum, an insertion into a full table replaces an entry that was not
 * asked for lately (the clock algorithm): past its size the table forgets gradually.
 */
export class KeyTable {
  /** Keys in the table now. */
  size = 0;
  readonly #maximum: number;
  readonly #seed: number;
  /** Words of an entry. */
  readonly #stride: number;
  readonly #pages: Uint32Array[] = [];
  /** Open addressing: an entry's number plus one, or zero. Powers of two, at most three quarters full. */
  readonly #segments: Segment[];
  /** The texts that do not fit into their entries. */
  readonly #longTexts = new Map<number, string>();
  /** Entries that were ever used. */
  #count = 0;
  /** The first of the free ones among them, plus one. */
  #firstFree = 0;
  #hand = 0;

  /**
   * @param payloadWords 32-bit words that belong to each key
   * @param maximum keys at most; Infinity for no limit
   * @param seed makes the places unpredictable to whoever chooses the keys
   */
  constructor(options: { payloadWords: number; maximum?: number; seed: number }) {
    this.#maximum = Math.max(1, options.maximum ?? Number.POSITIVE_INFINITY);
    this.#seed = options.seed >>> 0;
    this.#stride = text + textWords + options.payloadWords;
    this.#segments = Array.from({ length: 256 }, () => ({ buckets: new Uint32Array(8), size: 0 }));
  }

  /** Bytes of all its arrays. */
  get bytes(): number {
    const pages = this.#pages.length * entriesOfPage * this.#stride * 4;
    return this.#segments.reduce((sum, { buckets }) => sum + buckets.byteLength, pages);
  }

  /** @returns the key's slot, or -1. A slot is good until the next `put` or `delete`. */
  find(scope: number, key: string): number {
    return this.#find(hashOf(key, scope, this.#seed), scope, key);
  }

  #find(hash: number, scope: number, key: string): number {
    const { buckets } = this.#segments[hash >>> 24] as Segment;
    const mask = buckets.length - 1;
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const entry = (buckets[bucket] as number) - 1;
      if (entry < 0) return -1;
      const page = this.#pages[entry >>> pageBits] as Uint32Array;
      const at = (entry & pageMask) * this.#stride;
      if (page[at + hashAt] !== hash || page[at + scopeAt] !== scope) continue;
      if (!this.#hasText(entry, page, at, key)) continue;
      const state = page[at + stateAt] as number;
      if ((state & askedFor) === 0) page[at + stateAt] = state | askedFor;
      return entry;
    }
  }

  /** The slot of the key, made where it was not there; its words are then zero. May replace another key. */
  put(scope: number, key: string): number {
    const hash = hashOf(key, scope, this.#seed);
    const found = this.#find(hash, scope, key);
    if (found >= 0) return found;
    if (this.size >= this.#maximum) this.#forgetOne();
    const entry = this.#freeEntry();
    const page = this.#pages[entry >>> pageBits] as Uint32Array;
    const at = (entry & pageMask) * this.#stride;
    page.fill(0, at, at + this.#stride);
    page[at + hashAt] = hash;
    page[at + scopeAt] = scope;
    // Not asked for yet: who comes once and never again goes before those who come again.
    page[at + stateAt] = inUse;
    this.#writeText(entry, page, at, key);
    this.#link(entry, hash);
    this.size++;
    return entry;
  }

  /** @returns whether it was there */
  delete(scope: number, key: string): boolean {
    const entry = this.find(scope, key);
    if (entry >= 0) this.#remove(entry);
    return entry >= 0;
  }

  /** One word of the payload, unsigned. */
  word(slot: number, index: number): number {
    const page = this.#pages[slot >>> pageBits] as Uint32Array;
    return page[(slot & pageMask) * this.#stride + text + textWords + index] as number;
  }

  setWord(slot: number, index: number, value: number): void {
    const page = this.#pages[slot >>> pageBits] as Uint32Array;
    page[(slot & pageMask) * this.#stride + text + textWords + index] = value;
  }

  /** The clock's hand passes over what was asked for since its last round, and takes the first that was not. */
  #forgetOne(): void {
    for (;;) {
      const entry = this.#hand;
      this.#hand = this.#hand + 1 < this.#count ? this.#hand + 1 : 0;
      const state = this.#get(entry, stateAt);
      if ((state & askedFor) !== 0) this.#set(entry, stateAt, state & ~askedFor);
      else if ((state & inUse) !== 0) {
        this.#remove(entry);
        return;
      }
    }
  }

  #remove(entry: number): void {
    this.#unlink(entry);
    this.#longTexts.delete(entry);
    this.#set(entry, stateAt, 0);
    this.#set(entry, nextFreeAt, this.#firstFree);
    this.#firstFree = entry + 1;
    this.size--;
  }

  #freeEntry(): number {
    if (this.#firstFree > 0) {
      const entry = this.#firstFree - 1;
      this.#firstFree = this.#get(entry, nextFreeAt);
      return entry;
    }
    if (this.#count === this.#pages.length * entriesOfPage)
      this.#pages.push(new Uint32Array(entriesOfPage * this.#stride));
    return this.#count++;
  }

  #get(entry: number, word: number): number {
    return (this.#pages[entry >>> pageBits] as Uint32Array)[(entry & pageMask) * this.#stride + word] as number;
  }

  #set(entry: number, word: number, value: number): void {
    (this.#pages[entry >>> pageBits] as Uint32Array)[(entry & pageMask) * this.#stride + word] = value;
  }

  #link(entry: number, hash: number): void {
    const segment = this.#segments[hash >>> 24] as Segment;
    segment.size++;
    if (segment.size * 4 > segment.buckets.length * 3) this.#widen(segment);
    place(segment.buckets, entry, hash);
  }

  #widen(segment: Segment): void {
    const wider = new Uint32Array(segment.buckets.length * 2);
    for (const linked of segment.buckets) if (linked > 0) place(wider, linked - 1, this.#get(linked - 1, hashAt));
    segment.buckets = wider;
  }

  /** Takes an entry out and moves back those behind it that would no longer be met (Knuth, volume 3, 6.4, algorithm R). */
  #unlink(entry: number): void {
    const hash = this.#get(entry, hashAt);
    const segment = this.#segments[hash >>> 24] as Segment;
    const { buckets } = segment;
    const mask = buckets.length - 1;
    let hole = hash & mask;
    while (buckets[hole] !== entry + 1) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; buckets[next] !== 0; next = (next + 1) & mask) {
      const home = this.#get((buckets[next] as number) - 1, hashAt) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      buckets[hole] = buckets[next] as number;
      hole = next;
    }
    buckets[hole] = 0;
    segment.size--;
  }

  /** Compares with the key that was hashed last. */
  #hasText(entry: number, page: Uint32Array, at: number, key: string): boolean {
    const length = (page[at + stateAt] as number) >>> lengthShift;
    if (packedWords < 0) return length === long && this.#longTexts.get(entry) === key;
    if (length !== key.length) return false;
    for (let word = 0; word < packedWords; word++) if (page[at + text + word] !== packed[word]) return false;
    return true;
  }

  /** Writes the key that was hashed last. */
  #writeText(entry: number, page: Uint32Array, at: number, key: string): void {
    if (packedWords < 0) this.#longTexts.set(entry, key);
    const length = packedWords < 0 ? long : key.length;
    page[at + stateAt] = (page[at + stateAt] as number) | (length << lengthShift);
    for (let word = 0; word < packedWords; word++) page[at + text + word] = packed[word] as number;
  }
}

interface Segment {
  buckets: Uint32Array;
  size: number;
}

/** Where the words of an entry are; the payload stands behind the text. What costs is fetching them, so they lie together. */
const [hashAt, scopeAt, stateAt, text] = [0, 1, 2, 3];
/** A free entry has no scope. */
const nextFreeAt = scopeAt;
/** Room for 36 characters: an id of ours, and most addresses. */
const textWords = 9;
/** The state: two flags, and the length of the text. */
const inUse = 1;
const askedFor = 2;
const lengthShift = 8;
const long = 255;
const pageBits = 12;
const entriesOfPage = 1 << pageBits;
const pageMask = entriesOfPage - 1;

/** The key that was hashed last, four characters a word; -1 words where it is not ASCII, or too long for an entry. */
const packed = new Uint32Array(textWords);
let packedWords = 0;

function place(buckets: Uint32Array, entry: number, hash: number): void {
  const mask = buckets.length - 1;
  let bucket = hash & mask;
  while (buckets[bucket] !== 0) bucket = (bucket + 1) & mask;
  buckets[bucket] = entry + 1;
}

/** Leaves the key packed behind, since whoever asks for its hash compares or writes it next. */
function hashOf(key: string, scope: number, seed: number): number {
  let hash = Math.imul(seed ^ scope, 0x9e3779b1);
  pack(key);
  if (packedWords < 0) for (let index = 0; index < key.length; index++) hash = mixed(hash ^ key.charCodeAt(index));
  else for (let word = 0; word < packedWords; word++) hash = mixed(hash ^ (packed[word] as number));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const mixed = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);

function pack(key: string): void {
  const { length } = key;
  packedWords = -1;
  if (length > textWords * 4) return;
  let beyondAscii = 0;
  const whole = length & ~3;
  let index = 0;
  for (; index < whole; index += 4) {
    const a = key.charCodeAt(index);
    const b = key.charCodeAt(index + 1);
    const c = key.charCodeAt(index + 2);
    const d = key.charCodeAt(index + 3);
    beyondAscii |= a | b | c | d;
    packed[index >> 2] = a | (b << 8) | (c << 16) | (d << 24);
  }
  if (whole < length) {
    let rest = 0;
    for (let shift = 0; index < length; index++, shift += 8) {
      const unit = key.charCodeAt(index);
      beyondAscii |= unit;
      rest |= unit << shift;
    }
    packed[whole >> 2] = rest;
  }
  if (beyondAscii < 0x80) packedWords = (length + 3) >> 2;
}
