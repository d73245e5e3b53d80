// What `npm start` and `npm test` begin with, so that a fresh clone works with just those two commands: installs and builds whatever
// is not there, or not there as it should be. One process for both, since starting one takes longer than looking.
import './install.mjs';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { builtStamp, currentStamp } from './console-stamp.mjs';

if (builtStamp() !== currentStamp()) buildConsole();

/** By the Node.js that is first on npm's path: the one that runs this may be too old, and may have been replaced just now. */
function buildConsole() {
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { status } = spawnSync('node', ['scripts/build-console.ts'], { cwd, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
