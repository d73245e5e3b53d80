/**
 * A map from (scope, text) to a few 32-bit words, kept in typed arrays: a million keys cost tens of megabytes outside the
 * garbage collector's sight, where a Map of as many strings costs more than a hundred inside it.
 *
 * A look-up compares the whole key; the hash only says where to begin. What a look-up costs is fetching memory that no cache
 * holds: one place for the bucket, which has the hash beside the entry's number, and one for the entry. Entries stand in pages
 * that are never moved, so that nothing is copied when there are more of them and no memory is left in holes; the buckets are
 * split into segments that grow one at a time. A text that does not fit into its entry goes on in further ones, which are
 * nobody's entry by themselves. With a maximum, an insertion into a full table replaces an entry that was not asked for lately
 * (the clock algorithm): past its size the table forgets gradually.
 */
export class KeyTable {
  /** Keys in the table now. */
  size = 0;
  readonly #maximum: number;
  readonly #seed: number;
  /** Words of an entry. */
  readonly #stride: number;
  readonly #pages: Uint32Array[] = [];
  /** Open addressing: powers of two, at most three quarters full. */
  readonly #segments: Segment[];
  /** Entries that texts go on in. */
  #continuations = 0;
  /** Entries that were ever used. */
  #count = 0;
  /** The first of the free ones among them, plus one. */
  #firstFree = 0;
  #hand = 0;

  /**
   * @param payloadWords 32-bit words that belong to each key
   * @param maximum keys at most; Infinity for no limit. Long texts together go on in as many further entries at most: where
   * these are used up, keys are forgotten before there are so many, and only a text that needs more by itself gets them
   * @param seed makes the places unpredictable to whoever chooses the keys
   */
  constructor(options: { payloadWords: number; maximum?: number; seed: number }) {
    this.#maximum = Math.max(1, options.maximum ?? Number.POSITIVE_INFINITY);
    this.#seed = options.seed >>> 0;
    this.#stride = text + textWords + options.payloadWords;
    this.#segments = Array.from({ length: 256 }, () => ({ buckets: new Int32Array(8 * bucketWords), size: 0 }));
  }

  /** Bytes of all its arrays. */
  get bytes(): number {
    const pages = this.#pages.length * entriesOfPage * this.#stride * 4;
    return this.#segments.reduce((sum, { buckets }) => sum + buckets.byteLength, pages);
  }

  /** @returns the key's slot, or -1. A slot is good until the next `put` or `delete`. */
  find(scope: number, key: string): number {
    return this.#find(hashOf(key, scope, this.#seed), scope);
  }

  /** Finds the key that was hashed last. */
  #find(hash: number, scope: number): number {
    const { buckets } = this.#segments[hash >>> 24] as Segment;
    const mask = buckets.length - 1;
    for (let bucket = (hash << bucketShift) & mask; ; bucket = (bucket + bucketWords) & mask) {
      const linked = buckets[bucket + 1] as number;
      if (linked === 0) return -1;
      if (buckets[bucket] !== hash) continue;
      const entry = linked - 1;
      const page = this.#pages[entry >>> pageBits] as Uint32Array;
      const at = (entry & pageMask) * this.#stride;
      const state = page[at + stateAt] as number;
      if ((state | askedFor) !== packedState || page[at + scopeAt] !== scope || !this.#hasText(page, at)) continue;
      if ((state & askedFor) === 0) page[at + stateAt] = state | askedFor;
      return entry;
    }
  }

  /** The slot of the key, made where it was not there; its words are then zero. May replace another key. */
  put(scope: number, key: string): number {
    const hash = hashOf(key, scope, this.#seed);
    const found = this.#find(hash, scope);
    if (found >= 0) return found;
    this.#makeRoom();
    const entry = this.#freeEntry();
    const page = this.#pages[entry >>> pageBits] as Uint32Array;
    const at = (entry & pageMask) * this.#stride;
    page.fill(0, at, at + this.#stride);
    page[at + scopeAt] = scope;
    // Not asked for yet: who comes once and never again goes before those who come again.
    page[at + stateAt] = packedState & ~askedFor;
    this.#writeText(page, at);
    this.#link(entry, hash);
    this.size++;
    return entry;
  }

  /** @returns whether it was there */
  delete(scope: number, key: string): boolean {
    const hash = hashOf(key, scope, this.#seed);
    const entry = this.#find(hash, scope);
    if (entry >= 0) this.#remove(entry, hash);
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

  /** Forgets until the key that was hashed last has its place. */
  #makeRoom(): void {
    const more = Math.ceil((packedWords - wordsInside(packedWords)) / (this.#stride - text));
    while (this.size > 0 && (this.size >= this.#maximum || this.#continuations + more > this.#maximum))
      this.#forgetOne();
  }

  /**
   * The clock's hand passes over what was asked for since its last round, and takes the first that was not; where so many
   * were, it does not matter much which one goes, and the insertion is not to wait.
   */
  #forgetOne(): void {
    for (let passed = 0; ; ) {
      const entry = this.#hand;
      this.#hand = this.#hand + 1 < this.#count ? this.#hand + 1 : 0;
      const state = this.#get(entry, stateAt);
      if ((state & askedFor) !== 0 && passed++ < passedAtMost) this.#set(entry, stateAt, state & ~askedFor);
      else if ((state & inUse) !== 0) {
        this.#remove(entry, this.#hashOfEntry(entry));
        return;
      }
    }
  }

  #remove(entry: number, hash: number): void {
    this.#unlink(entry, hash);
    const words = wordsOf(this.#get(entry, stateAt));
    let next = words > textWords ? this.#get(entry, restAt) : 0;
    this.#release(entry);
    this.size--;
    while (next > 0) {
      const continuation = next - 1;
      next = this.#get(continuation, nextAt);
      this.#release(continuation);
      this.#continuations--;
    }
  }

  #release(entry: number): void {
    this.#set(entry, stateAt, 0);
    this.#set(entry, nextAt, this.#firstFree);
    this.#firstFree = entry + 1;
  }

  #freeEntry(): number {
    if (this.#firstFree > 0) {
      const entry = this.#firstFree - 1;
      this.#firstFree = this.#get(entry, nextAt);
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
    if (segment.size * bucketWords * 4 > segment.buckets.length * 3) widen(segment);
    place(segment.buckets, entry + 1, hash);
  }

  /** Takes an entry out and moves back those behind it that would no longer be met (Knuth, volume 3, 6.4, algorithm R). */
  #unlink(entry: number, hash: number): void {
    const segment = this.#segments[hash >>> 24] as Segment;
    const { buckets } = segment;
    const mask = buckets.length - 1;
    let hole = (hash << bucketShift) & mask;
    while (buckets[hole + 1] !== entry + 1) hole = (hole + bucketWords) & mask;
    for (let next = (hole + bucketWords) & mask; buckets[next + 1] !== 0; next = (next + bucketWords) & mask) {
      const home = ((buckets[next] as number) << bucketShift) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      buckets[hole] = buckets[next] as number;
      buckets[hole + 1] = buckets[next + 1] as number;
      hole = next;
    }
    buckets[hole + 1] = 0;
    segment.size--;
  }

  /** Compares with the key that was hashed last, whose length is already known to be the same. */
  #hasText(page: Uint32Array, at: number): boolean {
    const inside = wordsInside(packedWords);
    for (let word = 0; word < inside; word++) if (page[at + text + word] !== packed[word]) return false;
    return inside === packedWords || this.#hasRest(page[at + restAt] as number);
  }

  #hasRest(first: number): boolean {
    const words = packedWords - wordsInside(packedWords);
    for (let next = first, word = 0; word < words; next = this.#get(next - 1, nextAt)) {
      const page = this.#pages[(next - 1) >>> pageBits] as Uint32Array;
      const at = ((next - 1) & pageMask) * this.#stride;
      for (let place = text; place < this.#stride && word < words; place++, word++)
        if (page[at + place] !== packedRest[word]) return false;
    }
    return true;
  }

  /** Writes the key that was hashed last. */
  #writeText(page: Uint32Array, at: number): void {
    const inside = wordsInside(packedWords);
    for (let word = 0; word < inside; word++) page[at + text + word] = packed[word] as number;
    if (inside < packedWords) page[at + restAt] = this.#writeRest(packedWords - inside);
  }

  /** @returns the first continuation, plus one */
  #writeRest(words: number): number {
    const wordsEach = this.#stride - text;
    let next = 0;
    // From the last to the first, so that each can say which one follows.
    for (let part = Math.ceil(words / wordsEach) - 1; part >= 0; part--) {
      const entry = this.#freeEntry();
      this.#set(entry, stateAt, 0);
      this.#set(entry, nextAt, next);
      const some = packedRest.subarray(part * wordsEach, Math.min((part + 1) * wordsEach, words));
      (this.#pages[entry >>> pageBits] as Uint32Array).set(some, (entry & pageMask) * this.#stride + text);
      this.#continuations++;
      next = entry + 1;
    }
    return next;
  }

  #hashOfEntry(entry: number): number {
    const words = wordsOf(this.#get(entry, stateAt));
    const inside = wordsInside(words);
    let hash = beginning(this.#get(entry, scopeAt), this.#seed);
    for (let word = 0; word < inside; word++) hash = mixed(hash ^ this.#get(entry, text + word));
    let next = inside < words ? this.#get(entry, restAt) : 0;
    for (let word = inside; word < words; next = this.#get(next - 1, nextAt))
      for (let place = text; place < this.#stride && word < words; place++, word++)
        hash = mixed(hash ^ this.#get(next - 1, place));
    return finished(hash);
  }
}

interface Segment {
  /** For each bucket a hash and its entry's number plus one, or zero. */
  buckets: Int32Array;
  size: number;
}
const bucketShift = 1;
const bucketWords = 1 << bucketShift;

/** Where the words of an entry are; the payload stands behind the text. What costs is fetching them, so they lie together. */
const [scopeAt, stateAt, text] = [0, 1, 2];
/** A free entry has no scope, nor has a continuation: the one that follows, plus one. */
const nextAt = scopeAt;
/** Room for 36 characters: an id of ours, and most addresses. */
const textWords = 9;
/** Where a text does not fit, the last word of the room says in which entry it goes on, plus one. */
const restAt = text + textWords - 1;
/** The state: three flags, and the length of the text in UTF-16 units. A free entry and a continuation have none. */
const inUse = 1;
const askedFor = 2;
/** Two units a word instead of four, where one of them is not below 256. */
const wide = 4;
const wideFrom = 0x100;
const lengthShift = 3;
/** A tenth of a millisecond. */
const passedAtMost = 4096;
const pageBits = 12;
const entriesOfPage = 1 << pageBits;
const pageMask = entriesOfPage - 1;

const wordsOf = (state: number): number => {
  const length = state >>> lengthShift;
  return (state & wide) === 0 ? (length + 3) >> 2 : (length + 1) >> 1;
};
/** How many of a text's words are in its entry. */
const wordsInside = (words: number): number => (words > textWords ? textWords - 1 : words);

/** The key that was hashed last: what of its words belongs into its entry, and the rest, as long as the longest was. */
const packed = new Uint32Array(textWords);
let packedRest = new Uint32Array(0);
let packedWords = 0;
/** The state of its entry once it is asked for. */
let packedState = 0;

function widen(segment: Segment): void {
  const { buckets } = segment;
  const wider = new Int32Array(buckets.length * 2);
  for (let bucket = 0; bucket < buckets.length; bucket += bucketWords)
    if (buckets[bucket + 1] !== 0) place(wider, buckets[bucket + 1] as number, buckets[bucket] as number);
  segment.buckets = wider;
}

function place(buckets: Int32Array, linked: number, hash: number): void {
  const mask = buckets.length - 1;
  let bucket = (hash << bucketShift) & mask;
  while (buckets[bucket + 1] !== 0) bucket = (bucket + bucketWords) & mask;
  buckets[bucket] = hash;
  buckets[bucket + 1] = linked;
}

/** Leaves the key packed behind, since whoever asks for its hash compares or writes it next. */
function hashOf(key: string, scope: number, seed: number): number {
  const { length } = key;
  if (length > textWords * 4) return hashOfAny(key, scope, seed);
  let hash = beginning(scope, seed);
  let all = 0;
  const whole = length & ~3;
  let index = 0;
  for (; index < whole; index += 4) {
    const a = key.charCodeAt(index);
    const b = key.charCodeAt(index + 1);
    const c = key.charCodeAt(index + 2);
    const d = key.charCodeAt(index + 3);
    all |= a | b | c | d;
    const four = a | (b << 8) | (c << 16) | (d << 24);
    packed[index >> 2] = four;
    hash = mixed(hash ^ four);
  }
  if (whole < length) {
    let rest = 0;
    for (let shift = 0; index < length; index++, shift += 8) {
      const unit = key.charCodeAt(index);
      all |= unit;
      rest |= unit << shift;
    }
    packed[whole >> 2] = rest;
    hash = mixed(hash ^ rest);
  }
  if (all >= wideFrom) return hashOfAny(key, scope, seed);
  packedState = (length << lengthShift) | inUse | askedFor;
  packedWords = (length + 3) >> 2;
  return finished(hash);
}

/** The same for a key of any length and any units, slower. */
function hashOfAny(key: string, scope: number, seed: number): number {
  const width = isWide(key) ? wide : 0;
  packedState = (key.length << lengthShift) | width | inUse | askedFor;
  packedWords = wordsOf(packedState);
  const inside = wordsInside(packedWords);
  if (packedRest.length < packedWords - inside) packedRest = new Uint32Array(packedWords - inside);
  let hash = beginning(scope, seed);
  for (let word = 0; word < packedWords; word++) {
    const units = unitsOf(key, word, width === 0 ? 4 : 2);
    if (word < inside) packed[word] = units;
    else packedRest[word - inside] = units;
    hash = mixed(hash ^ units);
  }
  return finished(hash);
}

function isWide(key: string): boolean {
  let all = 0;
  for (let index = 0; index < key.length; index++) all |= key.charCodeAt(index);
  return all >= wideFrom;
}

function unitsOf(key: string, word: number, aWord: number): number {
  const end = Math.min(key.length, (word + 1) * aWord);
  let units = 0;
  for (let index = word * aWord, shift = 0; index < end; index++, shift += 32 / aWord)
    units |= key.charCodeAt(index) << shift;
  return units;
}

const beginning = (scope: number, seed: number): number => Math.imul(seed ^ scope, 0x9e3779b1);
const mixed = (hash: number): number => Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);

function finished(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}
