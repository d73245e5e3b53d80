// Runs the database of the folder in its first argument until it is told to end, as the server does, and prints where it is.
// `end` on standard input ends the process without stopping the database.
import { createInterface } from 'node:readline';
import { startEmbeddedPostgres } from '../../server/src/postgres/embedded.ts';

const log = { debug() {}, info() {}, warn: console.error, error: console.error };

try {
  const { owner, serving, folder, stop } = await startEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log });
  process.once('SIGINT', () => {
    console.log('draining');
    setTimeout(() => void stop().then(() => process.exit()), 500);
  });
  process.once('SIGTERM', () => void stop().then(() => process.exit()));
  createInterface({ input: process.stdin }).once('line', () => process.exit());
  // Only now, since whoever reads it may send a signal at once.
  console.log(JSON.stringify({ owner, serving, folder }));
} catch (error) {
  console.log(JSON.stringify({ failed: (error as Error).message }));
  process.exit(1);
}
