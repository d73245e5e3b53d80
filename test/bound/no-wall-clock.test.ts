import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('nothing that counts a lease looks at the wall clock, which can be set back', () => {
  const files = globSync(['server/src/access/*.ts', 'client/src/replica/*.ts'], { cwd: root });
  expect(files).toContain('server/src/access/feed.ts');
  expect(files).toContain('client/src/replica/lease.ts');
  const looking = files.filter((file) =>
    /Date\.now|new Date\(|Date\(\)|hrtime/.test(readFileSync(`${root}/${file}`, 'utf8')),
  );
  expect(looking).toEqual([]);
});
