import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageOf, root, sourceFiles } from './source-files.ts';

const files = sourceFiles('console/src');
const manifest = JSON.parse(readFileSync(join(root, 'console/package.json'), 'utf8'));
/** What the build needs, and what the browser's types need. */
const unimported = ['vite', '@vitejs/plugin-react'];

/** Rules of the core that say before a request what the server would say after it. */
const rules = ['core/src/email.ts'];

test('the console asks the server as everybody does: by the client, and by nothing of the server', () => {
  const strangers = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ file }) => file && !file.startsWith('console/src/') && !rules.includes(file))
      .map(({ specifier }) => `${path} imports ${specifier}`),
  );
  expect(strangers).toEqual([]);
  // Requests have one way out, which the client is.
  const asking = files.filter(({ text }) => /\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket|EventSource/.test(text));
  expect(asking.map(({ path }) => path)).toEqual([]);
});

test('the console declares what it imports, and imports what it declares', () => {
  const imported = new Set(
    files
      .flatMap(({ imports }) => imports.map(({ specifier }) => specifier))
      .filter((specifier) => !specifier.startsWith('.'))
      .map(packageOf),
  );
  const declared = Object.keys(manifest.dependencies);
  expect([...imported].filter((name) => !declared.includes(name))).toEqual([]);
  expect(declared.filter((name) => !imported.has(name) && !unimported.includes(name))).toEqual([]);
});

test('imports of our own files are spelled with what they are and lead to a file', () => {
  const wrong = files.flatMap(({ path, imports }) =>
    imports
      .filter(({ file }) => file && !(/\.(tsx?|css)$/.test(file) && existsSync(join(root, file))))
      .map(({ specifier }) => `${path}: ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('nothing in the console reads text as markup, evaluates text, or keeps anything but preferences', () => {
  const wrong = files.filter(({ text }) =>
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|sessionStorage|document\.cookie|indexedDB/i.test(
      text,
    ),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
  const keeping = files.filter(({ text }) => /localStorage\.(set|get)Item/.test(text)).map(({ path }) => path);
  expect(keeping).toEqual(['console/src/language.ts', 'console/src/session.tsx']);
});

test('no file of the console is longer than 400 lines', () => {
  const long = files.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path);
  expect(long).toEqual([]);
});
