import { spawnSync } from 'node:child_process';

const inConsole = 'test/console/**';
const elsewhere = 'test/!(console)/**';
/** Names of test files, where not all are wanted. */
const only = ['--passWithNoTests', ...process.argv.slice(2)];

/** Everything that must hold before a change lands, in the order in which it fails fastest. `npm test` runs this list. */
const steps = [
  { name: 'Style: formatting and lint', command: ['biome', 'ci', '.'] },
  { name: 'Types', command: ['tsc', '--noEmit', '-p', '.'] },
  { name: 'Types: the client uses nothing that only Node.js has', command: ['tsc', '--noEmit', '-p', 'client'] },
  { name: 'Types: the console', command: ['tsc', '--noEmit', '-p', 'console'] },
  {
    name: 'Settings: docs/configuration.md is what config.ts declares',
    command: ['node', 'scripts/configuration-doc.ts', '--check'],
  },
  {
    name: 'Catalogue: docs/catalogue.schema.json is what catalogue.ts declares',
    command: ['node', 'scripts/catalogue-schema.ts', '--check'],
  },
  { name: 'Errors: docs/errors.md is what problem.ts declares', command: ['node', 'scripts/errors-doc.ts', '--check'] },
  {
    name: 'Client: client/src/operations.ts is what core/src/api declares',
    command: ['node', 'scripts/client-operations.ts', '--check'],
  },
  { name: 'Tests: rules, API, races, crashes, mail', command: ['vitest', 'run', '--exclude', inConsole, ...only] },
  // A browser that shares few cores with everything else may be too late once; what fails twice is broken.
  {
    name: 'Tests: the console and the API reference, in a browser',
    command: ['vitest', 'run', '--exclude', elsewhere, '--retry', '1', ...only],
  },
];

const results = steps.map(({ name, command }) => {
  const [program = '', ...args] = command;
  process.stdout.write(`\n── ${name}\n`);
  const began = performance.now();
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  return { name, passed: status === 0, seconds: Math.round((performance.now() - began) / 1000) };
});

process.stdout.write('\n');
for (const { name, passed, seconds } of results) process.stdout.write(`${passed ? '✓' : '✗'} ${name} (${seconds} s)\n`);
const passed = results.filter((result) => result.passed).length;
process.stdout.write(`\n${passed} passed, ${results.length - passed} failed\n`);
process.exitCode = passed === results.length ? 0 : 1;
