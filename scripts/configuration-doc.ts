// Writes docs/configuration.md from the declarations in server/src/config.ts; with --check it only says whether that is up to date.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Setting, settings } from '../server/src/config.ts';

const file = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

if (process.argv.includes('--check')) check();
else write();

function write(): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, document());
}

function check(): void {
  if (readOrNothing() === document()) return;
  process.stderr.write('docs/configuration.md is not up to date; run: node scripts/configuration-doc.ts\n');
  process.exitCode = 1;
}

function document(): string {
  const all = Object.values(settings) as Setting<unknown>[];
  return `# Configuration

Every setting is an environment variable. None is required: \`npm start\` alone runs a complete server. A value that is not right stops the
start with the name of the setting and what was expected; an empty value counts as absent; a name that begins with \`LATCHKEY_\` and is not
listed here is an error, since it is most likely a misspelling.

This page is made from \`server/src/config.ts\`.

| Setting | Without it |
|---|---|
${all.map((setting) => `| [\`${setting.name}\`](#${setting.name.toLowerCase()}) | ${withoutIt(setting)} |`).join('\n')}

${all.map(section).join('\n')}`;
}

function section(setting: Setting<unknown>): string {
  return `## ${setting.name}

${setting.why}

- Value: ${setting.kind.expected.replaceAll('<', '\\<')}
- Without it: ${withoutIt(setting)}
`;
}

function withoutIt(setting: Setting<unknown>): string {
  return setting.default ? `\`${setting.default}\`` : (setting.otherwise ?? 'nothing');
}

function readOrNothing(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
