/**
 * A map from (scope, text) to a few 32-bit words, kept in typed arrays: a million keys cost tens of megabytes outside the
 * garbage collector's sight, where a Map of as many strings costs more than a hundred inside it.
 *
 * A look-up compares the whole key; the hash only says where to begin. The table is split into shards that grow one at a
 * time, so that no insertion waits for the copying of everything. With a maximum, an insertion into a full shard replaces
 * an entry that was not asked for lately (the clock algorithm): past its size the table forgets gradually.
 */
export class KeyTable {
  readonly #shards: Shard[];
  readonly #shardBits: number;
  readonly #seed: number;

  /**
   * @param payloadWords 32-bit words that belong to each key
   * @param maximum keys at most, about; Infinity for no limit
   * @param seed makes the places unpredictable to whoever chooses the keys
   */
  constructor(options: { payloadWords: number; maximum?: number; seed: number }) {
    const { payloadWords, maximum = Number.POSITIVE_INFINITY, seed } = options;
    this.#shardBits = Math.max(0, Math.min(8, Math.floor(Math.log2(Math.max(1, maximum / 1024)))));
    this.#seed = seed >>> 0;
    const count = 1 << this.#shardBits;
    this.#shards = Array.from(
      { length: count },
      () => new Shard(payloadWords, Math.max(1, Math.ceil(maximum / count))),
    );
  }

  /** Keys in the table now. */
  get size(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.size, 0);
  }

  /** Bytes of all its arrays. */
  get bytes(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.bytes, 0);
  }

  /** @returns the key's slot, or -1. A slot is good until the next `put` or `delete`. */
  find(scope: number, key: string): number {
    const hash = hashOf(key, scope, this.#seed);
    const shard = (hash >>> (32 - this.#shardBits - 1)) >>> 1;
    const entry = (this.#shards[shard] as Shard).find(hash, scope, key);
    return entry < 0 ? -1 : (entry << this.#shardBits) | shard;
  }

  /** The slot of the key, made where it was not there; its words are then zero. May replace another key. */
  put(scope: number, key: string): number {
    const hash = hashOf(key, scope, this.#seed);
    const shard = (hash >>> (32 - this.#shardBits - 1)) >>> 1;
    return ((this.#shards[shard] as Shard).put(hash, scope, key) << this.#shardBits) | shard;
  }

  /** @returns whether it was there */
  delete(scope: number, key: string): boolean {
    const hash = hashOf(key, scope, this.#seed);
    const shard = (hash >>> (32 - this.#shardBits - 1)) >>> 1;
    return (this.#shards[shard] as Shard).delete(hash, scope, key);
  }

  /** One word of the payload, unsigned. */
  word(slot: number, index: number): number {
    const shard = this.#shards[slot & ((1 << this.#shardBits) - 1)] as Shard;
    return shard.entries[(slot >>> this.#shardBits) * shard.stride + payload + index] as number;
  }

  setWord(slot: number, index: number, value: number): void {
    const shard = this.#shards[slot & ((1 << this.#shardBits) - 1)] as Shard;
    shard.entries[(slot >>> this.#shardBits) * shard.stride + payload + index] = value;
  }
}

/** Where the words of an entry are. They lie together, since what costs is fetching them from memory. */
const [hashAt, scopeAt, placeAt, stateAt, payload] = [0, 1, 2, 3, 4];
const [free, idle, asked] = [0, 1, 2];
const firstEntries = 16;
const growth = 1.25;

class Shard {
  readonly stride: number;
  readonly maximum: number;
  size = 0;
  /** Of each entry: its hash, its scope, where its text begins (of a free one, the next free one plus one), its state, its payload. */
  entries: Uint32Array;
  /** Open addressing: an entry's number plus one, or zero. A power of two, at most three quarters full. */
  #buckets: Uint32Array;
  /** The texts, each after its length in two bytes. */
  #texts: Uint8Array;
  #textEnd = 0;
  #textDead = 0;
  #count = 0;
  #firstFree = 0;
  #hand = 0;

  constructor(payloadWords: number, maximum: number) {
    this.stride = payload + payloadWords;
    this.maximum = maximum;
    this.entries = new Uint32Array(firstEntries * this.stride);
    this.#buckets = new Uint32Array(firstEntries * 2);
    this.#texts = new Uint8Array(firstEntries * 32);
  }

  get bytes(): number {
    return this.entries.byteLength + this.#buckets.byteLength + this.#texts.byteLength;
  }

  find(hash: number, scope: number, key: string): number {
    const { entries, stride } = this;
    const buckets = this.#buckets;
    const mask = buckets.length - 1;
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const entry = (buckets[bucket] as number) - 1;
      if (entry < 0) return -1;
      const at = entry * stride;
      if (entries[at + hashAt] !== hash || entries[at + scopeAt] !== scope) continue;
      if (!this.#hasText(entries[at + placeAt] as number, key)) continue;
      if (entries[at + stateAt] !== asked) entries[at + stateAt] = asked;
      return entry;
    }
  }

  put(hash: number, scope: number, key: string): number {
    const found = this.find(hash, scope, key);
    if (found >= 0) return found;
    if (this.size >= this.maximum) this.#forgetOne();
    const place = this.#writeText(key);
    const entry = this.#freeEntry();
    const at = entry * this.stride;
    this.entries.fill(0, at, at + this.stride);
    this.entries[at + hashAt] = hash;
    this.entries[at + scopeAt] = scope;
    this.entries[at + placeAt] = place;
    // Not asked for yet: who comes once and never again goes before those who come again.
    this.entries[at + stateAt] = idle;
    this.size++;
    if (this.size * 4 > this.#buckets.length * 3) this.#rehash(this.#buckets.length * 2);
    else this.#link(entry);
    return entry;
  }

  delete(hash: number, scope: number, key: string): boolean {
    const entry = this.find(hash, scope, key);
    if (entry >= 0) this.#remove(entry);
    return entry >= 0;
  }

  /** The clock's hand passes over what was asked for since its last round, and takes the first that was not. */
  #forgetOne(): void {
    for (;;) {
      const entry = this.#hand;
      this.#hand = this.#hand + 1 < this.#count ? this.#hand + 1 : 0;
      const state = this.#get(entry, stateAt);
      if (state === asked) this.entries[entry * this.stride + stateAt] = idle;
      if (state !== idle) continue;
      this.#remove(entry);
      return;
    }
  }

  #remove(entry: number): void {
    this.#unlink(entry);
    this.#textDead += 2 + this.#textLength(this.#get(entry, placeAt));
    const at = entry * this.stride;
    this.entries[at + placeAt] = this.#firstFree;
    this.entries[at + stateAt] = free;
    this.#firstFree = entry + 1;
    this.size--;
  }

  #freeEntry(): number {
    if (this.#firstFree > 0) {
      const entry = this.#firstFree - 1;
      this.#firstFree = this.#get(entry, placeAt);
      return entry;
    }
    if ((this.#count + 1) * this.stride > this.entries.length) {
      const most = Math.max(this.maximum, this.#count + 1);
      const longer = new Uint32Array(Math.min(Math.ceil(this.#count * growth), most) * this.stride);
      longer.set(this.entries);
      this.entries = longer;
    }
    return this.#count++;
  }

  #get(entry: number, word: number): number {
    return this.entries[entry * this.stride + word] as number;
  }

  #link(entry: number): void {
    const mask = this.#buckets.length - 1;
    let bucket = this.#get(entry, hashAt) & mask;
    while (this.#buckets[bucket] !== 0) bucket = (bucket + 1) & mask;
    this.#buckets[bucket] = entry + 1;
  }

  /** Takes an entry out and moves back those behind it that would no longer be met (Knuth, volume 3, 6.4, algorithm R). */
  #unlink(entry: number): void {
    const buckets = this.#buckets;
    const mask = buckets.length - 1;
    let hole = this.#get(entry, hashAt) & mask;
    while (buckets[hole] !== entry + 1) hole = (hole + 1) & mask;
    for (let next = (hole + 1) & mask; buckets[next] !== 0; next = (next + 1) & mask) {
      const home = this.#get((buckets[next] as number) - 1, hashAt) & mask;
      if (((next - home) & mask) < ((next - hole) & mask)) continue;
      buckets[hole] = buckets[next] as number;
      hole = next;
    }
    buckets[hole] = 0;
  }

  #rehash(length: number): void {
    this.#buckets = new Uint32Array(length);
    for (let entry = 0; entry < this.#count; entry++) if (this.#get(entry, stateAt) !== free) this.#link(entry);
  }

  /** @param place where the text begins that is compared */
  #hasText(place: number, key: string): boolean {
    const texts = this.#texts;
    const end = place + 2 + this.#textLength(place);
    let at = place + 2;
    for (let index = 0; index < key.length; index++) {
      const unit = key.charCodeAt(index);
      if (unit < 0x80) {
        if (texts[at++] !== unit) return false;
      } else {
        if (texts[at] !== beyondAscii || texts[at + 1] !== unit >>> 8 || texts[at + 2] !== (unit & 0xff)) return false;
        at += 3;
      }
    }
    return at === end;
  }

  #writeText(key: string): number {
    const most = 2 + key.length * 3;
    if (most > 0xffff) throw new RangeError('a key of a KeyTable is at most 21,844 characters long');
    if (this.#textEnd + most > this.#texts.length) this.#makeRoom(most);
    const place = this.#textEnd;
    const texts = this.#texts;
    let at = place + 2;
    for (let index = 0; index < key.length; index++) {
      const unit = key.charCodeAt(index);
      if (unit < 0x80) texts[at++] = unit;
      else {
        texts[at++] = beyondAscii;
        texts[at++] = unit >>> 8;
        texts[at++] = unit & 0xff;
      }
    }
    const length = at - place - 2;
    texts[place] = length >>> 8;
    texts[place + 1] = length & 0xff;
    this.#textEnd = at;
    return place;
  }

  /** Closes up what removed entries left, in as much room as the rest needs to grow a little. */
  #makeRoom(bytes: number): void {
    const living = this.#textEnd - this.#textDead;
    const texts = new Uint8Array(Math.max(Math.ceil((living + bytes) * growth), firstEntries * 32));
    let end = 0;
    for (let entry = 0; entry < this.#count; entry++) {
      if (this.#get(entry, stateAt) === free) continue;
      const place = this.#get(entry, placeAt);
      const length = 2 + this.#textLength(place);
      texts.set(this.#texts.subarray(place, place + length), end);
      this.entries[entry * this.stride + placeAt] = end;
      end += length;
    }
    this.#texts = texts;
    this.#textEnd = end;
    this.#textDead = 0;
  }

  #textLength(place: number): number {
    return ((this.#texts[place] as number) << 8) | (this.#texts[place + 1] as number);
  }
}

/** Stands before a character beyond ASCII, which then takes two bytes; ASCII ends below it. */
const beyondAscii = 0xff;

function hashOf(key: string, scope: number, seed: number): number {
  let hash = Math.imul(seed ^ scope, 0x9e3779b1);
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
