import { Problem } from '@latchkey/core/problem.ts';
import pg from 'pg';
import { readConfig } from '../config.ts';
import { signInLinks } from '../links.ts';
import { newId } from '../new-id.ts';
import { OperatorError } from '../operator-error.ts';
import { clientConfig } from '../postgres/connection.ts';
import { loadSecrets } from '../secrets-file.ts';
import { poolDatabase } from '../store/database.ts';
import { makeOperatorLink } from '../usecases/sign-in/make-operator-link.ts';
import { runCommand } from './command-line.ts';
import { withOwner } from './owner-connection.ts';

/** Makes a link that signs a member in once. Whoever can run this holds the secret, so no mailbox needs to be proven. */
await runCommand(
  'npm run sign-in-link -- <e-mail address> [organization id]',
  2,
  async ([email = '', organizationId]) => {
    const config = readConfig(process.env);
    return withOwner(config, false, async ({ owner }) => {
      const pool = new pg.Pool({ ...clientConfig(owner, 'latchkey sign-in-link'), max: 1 });
      try {
        const signIn = signInLinks(config.publicUrl, loadSecrets(config));
        const url = await makeOperatorLink({ db: poolDatabase(pool), newId, signIn }, email, organizationId);
        return `${url}\nIt signs ${email} in once, within the hour. Whoever has it is let in: hand it over where nobody else reads.`;
      } catch (error) {
        throw error instanceof Problem ? new OperatorError(error.message) : error;
      } finally {
        await pool.end();
      }
    });
  },
);
