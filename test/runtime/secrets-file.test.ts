import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadSecrets } from '../../server/src/secrets-file.ts';
import { temporaryFolder } from './temporary-database.ts';

test('a secret is made once, kept for its owner alone, and found again', () => {
  const dataDir = join(temporaryFolder(), 'data');
  const [made = ''] = loadSecrets({ secrets: [], dataDir });
  expect(Buffer.from(made, 'base64url')).toHaveLength(32);
  expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600);
  expect(loadSecrets({ secrets: [], dataDir })).toEqual([made]);
});

test('two folders have two secrets', () => {
  const [one, other] = [1, 2].map(() => loadSecrets({ secrets: [], dataDir: temporaryFolder() }));
  expect(one).not.toEqual(other);
});

test('a configured secret is used and nothing is written', () => {
  const dataDir = join(temporaryFolder(), 'data');
  expect(loadSecrets({ secrets: ['x'.repeat(32)], dataDir })).toEqual(['x'.repeat(32)]);
  expect(existsSync(dataDir)).toBe(false);
});

test('the file may hold older secrets as the setting may', () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'secret'), `${'n'.repeat(32)},${'o'.repeat(32)}\n`);
  expect(loadSecrets({ secrets: [], dataDir })).toEqual(['n'.repeat(32), 'o'.repeat(32)]);
});

test('a file that holds no secret is an error that does not show it, and stays as it is', () => {
  const dataDir = temporaryFolder();
  writeFileSync(join(dataDir, 'secret'), 'damaged\n');
  expect(() => loadSecrets({ secrets: [], dataDir })).toThrow(/secret does not hold a secret: expected at least 32/);
  expect(() => loadSecrets({ secrets: [], dataDir })).not.toThrow('damaged');
  expect(readFileSync(join(dataDir, 'secret'), 'utf8')).toBe('damaged\n');
});
