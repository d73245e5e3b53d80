import pino from 'pino';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../server/src/config.ts';
import type { ConnectionOptions } from '../../server/src/postgres/connection.ts';
import { type RunningServer, startServer } from '../../server/src/server.ts';
import { type Client, client } from '../client.ts';
import { temporaryFolder } from '../runtime/temporary-database.ts';

export const apiKey = `owner-key-${'0'.repeat(30)}`;
export const secret = 'the-first-secret-of-32-characters-and-more';

export interface ServerOn extends RunningServer {
  owner: Client;
  anonymous: Client;
  /** Log lines so far. */
  logged(): string;
}

/** A server on a database that is not its own, as its operator would set it up. It ends with the test. */
export async function serverOn(settings: Record<string, string>): Promise<ServerOn> {
  const lines: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  const config = readConfig({
    PORT: '0',
    DATA_DIR: temporaryFolder(),
    DATABASE_POOL: '5',
    LATCHKEY_SECRET: secret,
    LATCHKEY_OWNER_EMAIL: 'ada@example.com',
    LATCHKEY_API_KEY: apiKey,
    LATCHKEY_PARTNER_KEY: `partner-key-${'0'.repeat(30)}`,
    MAIL_RATE_RECIPIENT: '100',
    ...settings,
  });
  const server = await startServer(config, log);
  onTestFinished(() => server.stop());
  const base = `http://127.0.0.1:${server.port}/v3`;
  return {
    ...server,
    owner: client(base, { 'api-key': apiKey }),
    anonymous: client(base, {}),
    logged: () => lines.join(''),
  };
}

export const urlOf = ({ host, port, user, database }: ConnectionOptions): string =>
  `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;

/** Invites, and reads the token as an administrator who copies the link. */
export async function inviteAndCopyToken({ owner }: Pick<ServerOn, 'owner'>, email: string): Promise<string> {
  const privileges = [{ feature: 'contacts', permissions: ['view'] }];
  const invited = await owner.post('/organization/user/invitation/send', {
    email,
    all_features_access: false,
    privileges,
  });
  if (invited.status !== 200) throw new Error(`inviting ${email}: ${JSON.stringify(invited.body)}`);
  return tokenOf((await owner.post(`/organization/user/invitation/link/${email}`)).body.link);
}

export const tokenOf = (link: string): string => link.slice(link.indexOf('#') + 1);
