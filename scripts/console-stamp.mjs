// Tells whether the console that is built is the one of these files. Every start asks, on whatever Node.js the machine has (20 or
// newer), hence plain JavaScript.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** In console/dist: the stamp of what it was built of. */
export const stampFile = 'made-of';

/** Files and folders that the result depends on. The console imports the client, and that the core. */
const inputs = [
  'client/src',
  'console/index.html',
  'console/package.json',
  'console/public',
  'console/src',
  'core/src',
  'package-lock.json',
  'scripts/build-console.ts',
  'scripts/console-stamp.mjs',
];

/** One hash over the names and contents of all that the console is built of. */
export function currentStamp() {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap(filesIn))
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

/** The stamp of what is in console/dist; undefined where nothing was built. */
export function builtStamp() {
  try {
    return readFileSync(join(root, 'console/dist', stampFile), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file itself, or all below the folder, in an order that is the same everywhere. @returns {string[]} */
function filesIn(/** @type {string} */ path) {
  if (statSync(join(root, path)).isFile()) return [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesIn(`${path}/${name}`));
}
