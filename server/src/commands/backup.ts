import { readConfig } from '../config.ts';
import { backup } from '../postgres/backup.ts';
import { runOnFile } from './command-line.ts';
import { withOwner } from './owner-connection.ts';

await runOnFile('npm run backup -- <file>', async (file) => {
  const config = readConfig(process.env);
  const { tables, rows, version, postgres, bytes } = await withOwner(config, false, ({ owner }) => backup(owner, file));
  const secret = config.databaseUrl
    ? 'LATCHKEY_SECRET'
    : `the file \`secret\` in ${config.dataDir}, or LATCHKEY_SECRET`;
  return `Backed up ${rows} rows of ${tables} tables (schema version ${version}, PostgreSQL ${postgres}) into ${file}, ${bytes} bytes.
The secret is not in it: keep ${secret} too, apart from the backup. Without it
a restored database does not start, since open invitations could not be honoured.`;
});
