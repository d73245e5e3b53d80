import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Import {
  /** As it is written. */
  specifier: string;
  /** The names taken, as exported there; empty for a whole namespace or an effect. */
  names: string[];
  /** The file it leads to, from the root of the repository; undefined for packages and Node's own modules. */
  file: string | undefined;
}

export interface SourceFile {
  /** From the root of the repository. */
  path: string;
  text: string;
  imports: Import[];
}

/** The TypeScript files below these folders, with what they import. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }))
    .filter((path) => !path.includes('node_modules/') && !path.endsWith('.d.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      return { path, text, imports: importsOf(path, text) };
    });
}

// TypeScript 7 has no stable parser to ask. The formatter puts each of these statements at the beginning of a line, ended by a semicolon.
const statement =
  /^(?:import|export)\s(?<clause>[^;'"]*?)\bfrom '(?<from>[^']+)'|^import '(?<effect>[^']+)'|\bimport\('(?<dynamic>[^']+)'\)/gm;

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(statement)].map(({ groups = {} }) => {
    const specifier = groups.from ?? groups.effect ?? groups.dynamic ?? '';
    return { specifier, names: namesIn(groups.clause ?? ''), file: fileOf(path, specifier) };
  });
}

function namesIn(clause: string): string[] {
  const [, inBraces = ''] = /\{([^}]*)\}/.exec(clause) ?? [];
  return inBraces
    .split(',')
    .map((name) =>
      name
        .replace(/^\s*type\s/, '')
        .replace(/\sas\s.*/s, '')
        .trim(),
    )
    .filter((name) => name !== '');
}

const corePackage = '@latchkey/core/';

function fileOf(path: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return normalize(join(dirname(path), specifier));
  if (specifier.startsWith(corePackage)) return `core/src/${specifier.slice(corePackage.length)}`;
  return undefined;
}

/** `pg` for `pg/lib/client.js`, `@fastify/static` for itself; Node's own modules stay as they are. */
export function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
