import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './temporary-database.ts';

const script = fileURLToPath(new URL('../../scripts/install.mjs', import.meta.url));

test('what is missing is installed, and what is there is left alone without asking npm', () => {
  const project = projectWith({});
  expect(install(project)).toMatchObject({ status: 0, stderr: expect.stringContaining('Installed dependencies') });
  expect(JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')).packages).toHaveProperty(
    'node_modules/part',
  );

  const withoutNpm = { PATH: '/nowhere', npm_execpath: undefined };
  expect(install(project, withoutNpm)).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('a dependency that is gone or of another version is installed again', () => {
  const project = projectWith({});
  install(project);
  const installed = join(project, 'node_modules/.package-lock.json');
  writeFileSync(installed, readFileSync(installed, 'utf8').replaceAll('"version": "1.0.0"', '"version": "0.9.0"'));
  expect(install(project).stderr).toContain('Installed dependencies');
  rmSync(join(project, 'node_modules'), { recursive: true });
  expect(install(project).stderr).toContain('Installed dependencies');
});

test('a dependency that is declared and not in the lock file is a clear error', () => {
  const project = projectWith({});
  mkdirSync(join(project, 'more'));
  writeFileSync(join(project, 'more/package.json'), JSON.stringify({ name: 'more', version: '1.0.0' }));
  const dependencies = { part: 'file:part', more: 'file:more' };
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifestOf({ dependencies })));
  expect(install(project)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('package.json and package-lock.json disagree'),
  });
});

test('a registry that cannot be reached is a clear error', () => {
  const project = projectWith({});
  const lock = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  lock.packages['node_modules/part'] = {
    version: '1.0.0',
    resolved: 'http://127.0.0.1:1/part-1.0.0.tgz',
    integrity: `sha512-${'A'.repeat(86)}==`,
  };
  lock.packages[''].dependencies = { part: '1.0.0' };
  writeFileSync(join(project, 'package-lock.json'), JSON.stringify(lock));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ ...manifestOf({}), dependencies: { part: '1.0.0' } }));
  const result = install(project, { npm_config_fetch_retries: '0', npm_config_cache: join(project, 'cache') });
  expect(result).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The npm registry could not be reached.'),
  });
});

test('a Node.js that is too old, with none from npm beside it, is a clear error', () => {
  const project = projectWith({ engines: { node: '>=99' } });
  expect(install(project)).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/needs Node\.js 99 or newer; this is v\d+/),
  });
});

test('a machine without npm is told so', () => {
  const result = install(projectWith({}), { PATH: '/nowhere', npm_execpath: undefined });
  expect(result).toMatchObject({ status: 1, stderr: expect.stringContaining('npm is not on the path') });
});

/** A project with one dependency that needs no registry. */
function projectWith(overrides: Record<string, unknown>): string {
  const project = temporaryFolder();
  const manifest = manifestOf(overrides);
  mkdirSync(join(project, 'scripts'));
  mkdirSync(join(project, 'part'));
  cpSync(script, join(project, 'scripts/install.mjs'));
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(project, 'part/package.json'), JSON.stringify({ name: 'part', version: '1.0.0' }));
  writeFileSync(
    join(project, 'package-lock.json'),
    JSON.stringify({
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'project', version: '1.0.0', dependencies: manifest.dependencies },
        'node_modules/part': { resolved: 'part', link: true },
        part: { version: '1.0.0' },
      },
    }),
  );
  return project;
}

function manifestOf(overrides: Record<string, unknown>) {
  return {
    name: 'project',
    version: '1.0.0',
    engines: { node: '>=20' },
    workspaces: [],
    dependencies: { part: 'file:part' },
    ...overrides,
  };
}

function install(project: string, environment: Record<string, string | undefined> = {}) {
  const env = { ...process.env, npm_config_update_notifier: 'false', ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/install.mjs'], {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
