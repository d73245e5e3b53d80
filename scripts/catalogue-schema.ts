// Writes docs/catalogue.schema.json from core's CatalogueFile; with --check it only says whether that is up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';

const file = fileURLToPath(new URL('../docs/catalogue.schema.json', import.meta.url));

// A schema that refuses our own catalogue is not published.
loadCatalogue(builtInCatalogue);

if (process.argv.includes('--check')) check();
else writeFileSync(file, document());

function check(): void {
  // By its meaning, since the formatter has its own idea of where lines break.
  if (existsSync(file) && isDeepStrictEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(document()))) return;
  process.stderr.write('docs/catalogue.schema.json is not up to date; run: node scripts/catalogue-schema.ts\n');
  process.exitCode = 1;
}

function document(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...CatalogueFile };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
