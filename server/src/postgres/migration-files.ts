import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One step of the schema's way, as a file `NNNN_name.sql`. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
  /** SHA-256 of the text, whatever its line ends. */
  checksum: string;
}

/** The migrations of a folder, in order. Throws when a file is misnamed, or a number is missing or there twice. */
export function readMigrations(folder: string): Migration[] {
  const migrations = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => readMigration(folder, file));
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== index + 1)
      throw new Error(`Migration ${version} (${name}) in ${folder} should be number ${index + 1}`);
  }
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const [, version, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
  if (!version || !name) throw new Error(`${join(folder, file)} is not named like 0001_name.sql`);
  const sql = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n');
  return { version: Number(version), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
