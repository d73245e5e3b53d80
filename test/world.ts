import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import type { PermissionName } from '@latchkey/core/permission.ts';
import pino from 'pino';
import { readConfig } from '../server/src/config.ts';
import { type RunningServer, startServer } from '../server/src/server.ts';
import { insertApiKey } from '../server/src/store/keys.ts';
import { insertMember } from '../server/src/store/members.ts';
import { newSecret } from '../server/src/usecases/keys/new-secret.ts';
import { makeOperatorLink } from '../server/src/usecases/sign-in/make-operator-link.ts';
import { type Client, client } from './client.ts';
import { createDatabase, type TestDatabase } from './database.ts';

export const firstOwner = 'ada@example.com';

/** A person with a key that acts within what they hold, as their session would. */
export interface Person {
  id: string;
  email: string;
  keyId: string;
  secret: string;
  client: Client;
}

/** Somebody who is signed in. */
export interface SignedInPerson {
  client: Client;
  /** The cookie as a browser sends it back, `name=value`. */
  cookie: string;
}

/** A running server on a database of its own, with one organization whose owner is Ada. */
export interface World {
  server: RunningServer;
  database: TestDatabase;
  /** With /v3. */
  base: string;
  organizationId: string;
  /** Ada's key: everything, and ownership. */
  owner: Client;
  ownerKey: string;
  partner: Client;
  partnerKey: string;
  /** Somebody with no credential. */
  anonymous: Client;
  as(key: string): Client;
  /** The partner, acting in an organization. */
  partnerIn(organizationId: string): Client;
  /** Makes an active member of the first organization (or another) with a key bound to them, in the database itself: no revision tells of it. */
  join(email: string, grants: Grants, organizationId?: string): Promise<Person>;
  /** Invites and reads the link's token, as the person would find it in their mail. */
  invite(email: string, grants?: Grants, by?: Client): Promise<string>;
  token(email: string, organizationId?: string): Promise<string>;
  /** Signs an active member in by a link of the operator's, as a page of ours would: every request of the client is theirs. */
  signIn(email: string, organizationId?: string): Promise<SignedInPerson>;
  /** Log lines so far, as written. */
  logged(): string;
  stop(): Promise<void>;
}

export interface Grants {
  all?: boolean;
  permissions?: readonly PermissionName[];
  owner?: boolean;
}

/** @param settings environment variables beyond those every world has */
export async function startWorld(settings: Record<string, string> = {}, catalogue?: CatalogueFile): Promise<World> {
  const database = await createDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-world-'));
  const ownerKey = `owner-key-${'0'.repeat(30)}`;
  const partnerKey = `partner-key-${'0'.repeat(30)}`;
  if (catalogue) writeFileSync(join(folder, 'catalogue.json'), JSON.stringify(catalogue));
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    DATABASE_URL: database.url,
    DATABASE_OWNER_URL: database.ownerUrl,
    DATABASE_POOL: '10',
    LATCHKEY_SECRET: 'a-secret-for-tests-of-32-characters-and-more',
    LATCHKEY_OWNER_EMAIL: firstOwner,
    LATCHKEY_API_KEY: ownerKey,
    LATCHKEY_PARTNER_KEY: partnerKey,
    MAIL_RATE_RECIPIENT: '1000',
    RATE_LIMIT_ADDRESS: 'none',
    ...(catalogue && { LATCHKEY_CATALOGUE: join(folder, 'catalogue.json') }),
    ...settings,
  });

  const server = await startServer(config, log);
  const base = `http://127.0.0.1:${server.port}/v3`;
  const owner = client(base, { 'api-key': ownerKey });
  const organizationId: string = (await owner.get('/organization/me')).body.organization.id;
  const { services } = server;

  const token = async (email: string, organization = organizationId): Promise<string> => {
    const [row] = await database.sql<{ id: string; generation: number }>(
      `select i.id, i.generation from invitation i join member m on m.organization_id = i.organization_id and m.id = i.member_id
       where i.organization_id = $1 and m.email = $2 order by m.created_at desc limit 1`,
      [organization, email],
    );
    if (!row) throw new Error(`nobody invited ${email}`);
    const link = services.links.url({
      organizationId: organization,
      invitationId: row.id,
      generation: row.generation,
      purpose: 'mailed',
    });
    return link.slice(link.indexOf('#') + 1);
  };

  return {
    server,
    database,
    base,
    organizationId,
    owner,
    ownerKey,
    partner: client(base, { 'partner-key': partnerKey }),
    partnerKey,
    anonymous: client(base, {}),
    as: (key) => client(base, { 'api-key': key }),
    partnerIn: (id) => client(base, { 'partner-key': partnerKey, 'organization-id': id }),
    token,
    async join(email, { all = false, permissions = [], owner: isOwner = false }, organization = organizationId) {
      const [id, keyId] = [services.newId(), services.newId()];
      const holdings = { owner: isOwner, everything: all, permissions: new Set(permissions) };
      await insertMember(services.db, {
        organizationId: organization,
        id,
        email,
        locale: 'en',
        holdings,
        status: 'active',
      });
      const { secret, stored } = newSecret(services, 'api_key');
      await insertApiKey(
        services.db,
        {
          organizationId: organization,
          id: keyId,
          name: `${email}’s key`,
          holdings: { everything: true, permissions: new Set() },
          memberId: id,
          bound: true,
          partnerId: null,
          allowedIps: [],
          expiresAt: null,
        },
        stored,
      );
      return { id, email, keyId, secret, client: client(base, { 'api-key': secret }) };
    },
    async invite(email, { all = false, permissions = ['contacts:view'] } = {}, by = owner) {
      const features = Map.groupBy(permissions, (name) => name.split(':')[0] ?? '');
      const privileges = [...features].map(([feature, names]) => ({
        feature,
        permissions: names.map((name) => name.split(':')[1] ?? ''),
      }));
      const answer = await by.post('/organization/user/invitation/send', {
        email,
        all_features_access: all,
        ...(!all && { privileges }),
      });
      if (answer.status !== 200) throw new Error(`inviting ${email}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return token(email);
    },
    async signIn(email, organization = organizationId) {
      const url = await makeOperatorLink(services, email, organization);
      const ownPage = { 'latchkey-session': '1' };
      const answer = await client(base, ownPage).post('/sign-in', { token: url.slice(url.indexOf('#') + 1) });
      if (answer.status !== 200)
        throw new Error(`signing ${email} in: ${answer.status} ${JSON.stringify(answer.body)}`);
      const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
      return { client: client(base, { ...ownPage, cookie, 'organization-id': organization }), cookie };
    },
    logged: () => lines.join(''),
    async stop() {
      await server.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
