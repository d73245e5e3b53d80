import { fileURLToPath } from 'node:url';
import { readConfig } from '../config.ts';
import { restore } from '../postgres/restore.ts';
import { deleteEverySession } from '../store/sessions.ts';
import { runOnFile } from './command-line.ts';
import { withDatabase, withOwner } from './owner-connection.ts';

const folder = fileURLToPath(new URL('../../migrations', import.meta.url));

await runOnFile('npm run restore -- <file>', async (file) => {
  const config = readConfig(process.env);
  const { tables, rows, version, postgres } = await withOwner(config, true, async (target) => {
    const restored = await restore({ ...target, folder }, file);
    await withDatabase(target.owner, deleteEverySession);
    return restored;
  });
  const secret = config.databaseUrl
    ? 'LATCHKEY_SECRET'
    : `the file \`secret\` into ${config.dataDir}, or LATCHKEY_SECRET`;
  return `Restored ${rows} rows of ${tables} tables (schema version ${version}, from PostgreSQL ${postgres}), and compared them with the backup.
Sessions are not restored: people sign in again.
Before the first start put back the secret that belongs to it: ${secret}.`;
});
