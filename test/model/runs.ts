const runsAsked = process.env.FC_RUNS;

/** A longer run may take its time. */
export const timeLimit = runsAsked === undefined ? 300_000 : 6 * 3_600_000;

/**
 * How often a property is tried, and from which seed: as many runs as are said here, or FC_RUNS; another seed each time, or
 * FC_SEED. A failure prints its seed, from which the same requests are made again.
 */
export const parameters = (runs: number) => ({
  numRuns: Number(runsAsked ?? runs),
  seed: Number(process.env.FC_SEED ?? Date.now() % 2 ** 31),
  // In time to say what failed, and how far it could be shrunk, before the test itself is ended.
  interruptAfterTimeLimit: timeLimit - 30_000,
  markInterruptAsFailure: true,
});
