import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the pictures that are there are those that README.md and the guides show', () => {
  const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })];
  const named = pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(/\bimages\/([\w.-]+)/g)].map(([, name]) => name),
  );
  expect([...new Set(named)].sort()).toEqual(readdirSync(join(root, 'docs/images')).sort());
});
