import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import Schema from 'typebox/schema';
import { expect, test } from 'vitest';
import { acme } from './acme.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const published = JSON.parse(readFileSync(`${root}docs/catalogue.schema.json`, 'utf8'));

test('the published JSON Schema is the one that the server checks with', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/catalogue-schema.ts', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

test('the published schema takes the built-in catalogue and a team’s own, and names no host', () => {
  const schema = Schema.Compile(published);
  expect(schema.Check(builtInCatalogue)).toBe(true);
  expect(schema.Check(acme)).toBe(true);
  expect(schema.Check({ ...acme, roles: {} })).toBe(false);
  expect(published.$id).toBe('catalogue.schema.json');
});

test('the example of the guide is a catalogue', () => {
  const guide = readFileSync(`${root}docs/guides/your-own-catalogue.md`, 'utf8');
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? [];
  expect(loadCatalogue(JSON.parse(example)).name).toBe('acme');
});
