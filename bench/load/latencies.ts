/** What a burst's latencies come to; every figure is in milliseconds. */
export interface LatencySummary {
  mean: number;
  p50: number;
  p90: number;
  p99: number;
  p999: number;
  max: number;
  /** How many replies took at most that many milliseconds, in steps of doubling: `[[0.25, 10], [0.5, 230], …]`. */
  histogram: [upTo: number, replies: number][];
}

/** Keeps each latency as it was, so that percentiles are exact and not a bucket's edge. */
export class Latencies {
  #values = new Float64Array(1 << 16);
  #count = 0;

  add(milliseconds: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = milliseconds;
  }

  get count(): number {
    return this.#count;
  }

  summary(): LatencySummary {
    const sorted = this.#values.slice(0, this.#count).sort();
    const at = (share: number) =>
      sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
    let sum = 0;
    for (const value of sorted) sum += value;
    return {
      mean: sum / sorted.length,
      p50: at(0.5),
      p90: at(0.9),
      p99: at(0.99),
      p999: at(0.999),
      max: at(1),
      histogram: histogramOf(sorted),
    };
  }
}

function histogramOf(sorted: Float64Array): [number, number][] {
  const buckets: [number, number][] = [];
  let upTo = 0.0625;
  let index = 0;
  while (index < sorted.length) {
    let replies = 0;
    while (index < sorted.length && (sorted[index] ?? 0) <= upTo) {
      replies++;
      index++;
    }
    if (replies > 0 || buckets.length > 0) buckets.push([upTo, replies]);
    upTo *= 2;
  }
  return buckets;
}
