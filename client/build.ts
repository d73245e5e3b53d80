// Makes what is published: JavaScript modules that import nothing but each other, and their declarations, in client/dist.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '..');
const dist = join(here, 'dist');
const core = '@latchkey/core/';

/** What can be imported, as `exports` of package.json says. */
const entries = ['index', 'middleware/express', 'middleware/fastify', 'middleware/hono'];

rmSync(dist, { recursive: true, force: true });
await bundle();
declare();

async function bundle(): Promise<void> {
  await build({
    cwd: here,
    input: Object.fromEntries(entries.map((entry) => [entry, `src/${entry}.ts`])),
    platform: 'neutral',
    external: (specifier) => {
      if (specifier.startsWith('.') || specifier.startsWith('/') || specifier.startsWith(core)) return false;
      throw new Error(`the client has no dependencies, but imports ${specifier}`);
    },
    output: {
      dir: dist,
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: '[name].js',
      comments: { jsdoc: false },
    },
    transform: { target: 'es2022' },
  });
}

/** TypeScript declares each source in a file of its own; what the entries lead to is kept, in the same places. */
function declare(): void {
  const written = mkdtempSync(join(tmpdir(), 'latchkey-client-types-'));
  try {
    const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--rootDir', root];
    const tsc = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', here, ...options, '--outDir', written], {
      encoding: 'utf8',
    });
    if (tsc.status !== 0) throw new Error(`the types do not compile:\n${tsc.stdout}${tsc.stderr}`);
    const copied = new Set<string>();
    for (const entry of entries) copyDeclaration(written, `client/src/${entry}.ts`, copied);
  } finally {
    rmSync(written, { recursive: true, force: true });
  }
}

/** @param source from the root of the repository */
function copyDeclaration(written: string, source: string, copied: Set<string>): void {
  if (copied.has(source)) return;
  copied.add(source);
  const text = readFileSync(join(written, source.replace(/\.ts$/, '.d.ts')), 'utf8');
  const place = placeOf(source);
  const flat = text.replaceAll(
    /(\bfrom |\bimport\(|\bimport )(["'])([^"']+)\2/g,
    (_, before: string, quote: string, specifier: string) => {
      const target = sourceOf(source, specifier);
      copyDeclaration(written, target, copied);
      const path = relative(dirname(place), placeOf(target)).replace(/\.ts$/, '.js');
      return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
    },
  );
  const file = join(dist, place.replace(/\.ts$/, '.d.ts'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, flat);
}

function sourceOf(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(importer), specifier);
  if (specifier.startsWith(core)) return `core/src/${specifier.slice(core.length)}`;
  throw new Error(`the types that are published would need ${specifier}, by way of ${importer}`);
}

/** Where the declaration of a source goes within dist. */
function placeOf(source: string): string {
  return source.replace(/^client\/src\//, '').replace(/^core\/src\//, 'core/');
}
