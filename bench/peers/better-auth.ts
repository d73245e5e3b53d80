import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { organization } from 'better-auth/plugins';
import pg from 'pg';
import { listenAndTell } from './listen-and-tell.ts';

/**
 * Better Auth with its organization plugin on the same PostgreSQL cluster, behind its own node handler.
 * Defaults throughout, except that nothing may stop the load: no rate limit, and limits on members and invitations raised.
 * No mail is configured, so an invitation is a row and nothing more.
 */
process.once('message', async ({ connection }: { connection: pg.PoolConfig }) => {
  const options = {
    database: new pg.Pool(connection),
    secret: 'a secret for the length of one benchmark, nothing else',
    baseURL: 'http://127.0.0.1',
    trustedOrigins: ['http://127.0.0.1'],
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [organization({ membershipLimit: 1e9, invitationLimit: 1e9 })],
  };
  const { runMigrations } = await getMigrations(options);
  await runMigrations();
  const auth = betterAuth(options);
  const owner = await auth.api.signUpEmail({
    body: { email: 'owner@peer.test', password: 'correct horse battery staple', name: 'Owner' },
    returnHeaders: true,
  });
  const cookie = owner.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  const created = await auth.api.createOrganization({
    body: { name: 'Bench', slug: 'bench' },
    headers: new Headers({ cookie }),
  });
  listenAndTell(createServer(toNodeHandler(auth)), { cookie, organizationId: created.id });
});

export interface BetterAuthPeer {
  port: number;
  cookie: string;
  organizationId: string;
}
