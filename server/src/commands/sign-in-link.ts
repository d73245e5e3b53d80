import { canonicalEmail } from '@latchkey/core/email.ts';
import { Problem } from '@latchkey/core/problem.ts';
import { readConfig } from '../config.ts';
import { signInLinks } from '../links.ts';
import { newId } from '../new-id.ts';
import { OperatorError } from '../operator-error.ts';
import { loadSecrets } from '../secrets-file.ts';
import type { Database } from '../store/database.ts';
import { findActiveMembersByEmail } from '../store/identities.ts';
import { makeOperatorLink } from '../usecases/sign-in/make-operator-link.ts';
import { runCommand } from './command-line.ts';
import { withDatabase, withOwner } from './owner-connection.ts';

/** Makes a link that signs a member in once. Whoever can run this holds the secret, so no mailbox needs to be proven. */
await runCommand(
  'npm run sign-in-link -- <e-mail address> [organization id]',
  2,
  async ([email = '', organizationId]) => {
    const config = readConfig(process.env);
    const signIn = signInLinks(config.publicUrl, loadSecrets(config));
    return withOwner(config, false, ({ owner }) =>
      withDatabase(owner, async (db) => {
        try {
          const organizations = await organizationsOpened(db, email, organizationId);
          const url = await makeOperatorLink({ db, newId, signIn }, email, organizationId);
          return `${url}
It signs ${email} in once, within the hour, to ${organizations.join(', ')}.
Whoever has it is let in: hand it over where nobody else reads, and only if you know that the address is theirs.`;
        } catch (error) {
          throw error instanceof Problem ? new OperatorError(error.message) : error;
        }
      }),
    );
  },
);

/** A link binds one membership to the identity of the address, and opens all that are bound to it already. */
async function organizationsOpened(db: Database, email: string, organizationId?: string): Promise<string[]> {
  const members = await findActiveMembersByEmail(db, canonicalEmail(email));
  const chosen = members.find(
    ({ organization_id }) => organizationId === undefined || organization_id === organizationId,
  );
  return members.filter((member) => member === chosen || member.bound).map((member) => member.organization_name);
}
