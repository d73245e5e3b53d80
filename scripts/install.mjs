// Installs what `npm start` and `npm test` need, so that a fresh clone works with just those two commands.
// It runs before any dependency exists and on whatever Node.js the machine has (20 or newer), hence plain JavaScript.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const manifest = readJson('package.json');
const testing = process.env.npm_lifecycle_event === 'pretest';

if (!dependenciesAreInstalled()) installDependencies();
refuseAnOldNode();

/**
 * npm keeps what it really installed in `node_modules/.package-lock.json`; when that agrees with the lock file, nothing is to do.
 * Comparing the two takes a few milliseconds, where asking npm takes a second at every start.
 */
function dependenciesAreInstalled() {
  const wanted = readJson('package-lock.json').packages;
  const installed = readJson('node_modules/.package-lock.json')?.packages;
  if (!installed) return false;

  const workspaces = ['', ...manifest.workspaces];
  const ourOptionals = new Set(workspaces.flatMap((folder) => Object.keys(wanted[folder]?.optionalDependencies ?? {})));
  const missing = Object.entries(wanted).find(([path, entry]) => {
    if (workspaces.includes(path)) return !declaresTheSame(readJson(join(path, 'package.json')), entry);
    if (installed[path]) return installed[path].version !== entry.version;
    if (entry.dev && !testing) return false;
    return !entry.optional || (ourOptionals.has(path.replace('node_modules/', '')) && fitsThisMachine(entry));
  });
  return !missing;
}

/** A dependency added by hand is in package.json but not yet in the lock file; npm then explains it better than a failing import. */
function declaresTheSame(packageJson, locked) {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((kind) => {
    const ours = Object.entries(packageJson?.[kind] ?? {});
    const theirs = locked[kind] ?? {};
    return ours.length === Object.keys(theirs).length && ours.every(([name, range]) => theirs[name] === range);
  });
}

function fitsThisMachine({ os = process.platform, cpu = process.arch }) {
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

function installDependencies() {
  process.stderr.write('Installing dependencies, this takes a moment …\n');
  // npm deletes the tree first; were it stopped half-way, this file would claim that all is there.
  rmSync(join(root, 'node_modules', '.package-lock.json'), { force: true });

  const started = Date.now();
  const npm = spawnNpm([
    'ci',
    '--ignore-scripts', // none is needed, and npm 12 would warn about each
    '--include=optional', // Node.js itself and PostgreSQL are among them
    ...(testing ? ['--include=dev'] : []),
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--loglevel=error', // the Node.js that starts us may be older than `engines` says; the one just installed is not
  ]);
  if (npm.error || npm.signal || npm.status !== 0) {
    fail(`The dependencies could not be installed. ${reasonOf(npm)}`, whatNpmSaid(npm));
  }
  process.stderr.write(`Installed dependencies in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`);
  removeNodeThatCannotRun();
}

/** The npm that runs us, with the Node.js that runs it: the `node` first on the path is about to be deleted and installed anew. */
function spawnNpm(args) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 64 * 1024 * 1024 };
  if (npm && /npm-cli\.[cm]?js$/.test(npm)) return spawnSync(node ?? process.execPath, [npm, ...args], options);
  return spawnSync('npm', args, options);
}

function reasonOf(npm) {
  const said = `${npm.stderr ?? ''}`;
  if (npm.error?.code === 'ENOENT') return 'npm is not on the path; it comes with Node.js.';
  if (npm.signal) return `npm was stopped by ${npm.signal}.`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(said))
    return 'The npm registry could not be reached.';
  if (/EACCES|EPERM|EROFS/.test(said)) return `This user may not write to ${join(root, 'node_modules')}.`;
  if (/ENOSPC/.test(said)) return 'The disk is full.';
  if (/EUSAGE/.test(said))
    return 'package.json and package-lock.json disagree; run `npm install` and commit the lock file.';
  return 'npm said:';
}

/** Without the explanation of every option that npm adds to some errors. */
function whatNpmSaid(npm) {
  return `${npm.stderr ?? ''}`
    .split(/^npm error (?:Clean install a project|Usage:)$/m)[0]
    .trimEnd()
    .replace(/(?:\nnpm error\s*)+$/, '');
}

/** Node.js from npm is built for glibc; elsewhere (Alpine) it would hide the machine's own, which may be new enough. */
function removeNodeThatCannotRun() {
  const link = join(root, 'node_modules', '.bin', 'node');
  if (existsSync(link) && spawnSync(link, ['--version']).status !== 0) rmSync(link, { force: true });
}

function refuseAnOldNode() {
  const wanted = Number(/\d+/.exec(manifest.engines.node)[0]);
  const running = Number(process.versions.node.split('.')[0]);
  if (running >= wanted || existsSync(join(root, 'node_modules', '.bin', 'node'))) return;
  fail(
    `Latchkey needs Node.js ${wanted} or newer; this is ${process.version}.`,
    `npm has no Node.js ${wanted} that runs here (${process.platform} ${process.arch}), or optional dependencies were left out. ` +
      'Install it from https://nodejs.org and run the command again.',
  );
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function fail(what, details) {
  process.stderr.write(`\n${what}\n${details.trim()}\n`);
  process.exit(1);
}
