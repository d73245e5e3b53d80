import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.ts';
import { restore } from '../postgres/restore.ts';
import { runOnFile } from './command-line.ts';
import { withOwner } from './owner-connection.ts';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

await runOnFile('npm run restore -- <file>', async (file) => {
  const config = readConfig(process.env);
  const { tables, rows, version, postgres } = await withOwner(config, true, (target) =>
    restore({ ...target, folder }, file),
  );
  const secret = config.databaseUrl
    ? 'LATCHKEY_SECRET'
    : `the file \`secret\` into ${config.dataDir}, or LATCHKEY_SECRET`;
  return `Restored ${rows} rows of ${tables} tables (schema version ${version}, from PostgreSQL ${postgres}), and compared them with the backup.
Before the first start put back the secret that belongs to it: ${secret}.`;
});
