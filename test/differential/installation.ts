import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import pino from 'pino';
import { Latchkey } from '../../client/src/index.ts';
import { readConfig } from '../../server/src/config.ts';
import { type RunningServer, startServer } from '../../server/src/server.ts';
import { insertApiKey } from '../../server/src/store/keys.ts';
import { insertMember } from '../../server/src/store/members.ts';
import { newSecret } from '../../server/src/usecases/keys/new-secret.ts';
import { type Client, client } from '../client.ts';
import { createDatabase, type TestDatabase } from '../database.ts';

export const ownerKey = `owner-key-${'0'.repeat(30)}`;
const issuer = 'https://access.example.com';
const partnerKey = `partner-key-${'0'.repeat(30)}`;

export interface FirstMember {
  email: string;
  granted: string[];
  everything: boolean;
  owner: boolean;
}

/** Two servers on one database, which can be started anew with another catalogue at the same addresses. */
export interface Installation {
  database: TestDatabase;
  catalogue: CatalogueFile;
  organizationId: string;
  /** Through the first server. */
  owner: Client;
  partner: Client;
  /** One for each server. */
  apis: [Latchkey, Latchkey];
  /** Of the first server; tokens name another issuer. */
  url: string;
  issuer: string;
  /** A member with a key of their own, as stored: whatever names the grants have. */
  add(member: FirstMember): Promise<Client>;
  /** Invites and answers. */
  join(email: string): Promise<number>;
  restart(catalogue: CatalogueFile): Promise<void>;
  stop(): Promise<void>;
}

/** @param lease in milliseconds */
export async function install(catalogue: CatalogueFile, lease: number): Promise<Installation> {
  const database = await createDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-differential-'));
  const servers: RunningServer[] = [];
  const ports = [0, 0];
  const start = async (file: CatalogueFile): Promise<void> => {
    writeFileSync(join(folder, 'catalogue.json'), JSON.stringify(file));
    for (const which of [0, 1]) {
      const settings = {
        PORT: String(ports[which]),
        HOST: '127.0.0.1',
        PUBLIC_URL: issuer,
        DATA_DIR: folder,
        DATABASE_URL: database.url,
        DATABASE_OWNER_URL: database.ownerUrl,
        DATABASE_POOL: '6',
        LATCHKEY_SECRET: 'a-secret-for-tests-of-32-characters-and-more',
        LATCHKEY_API_KEY: ownerKey,
        LATCHKEY_PARTNER_KEY: partnerKey,
        LATCHKEY_CATALOGUE: join(folder, 'catalogue.json'),
        MAIL_RATE_RECIPIENT: '1000',
        RATE_LIMIT_ADDRESS: 'none',
        ACCESS_LEASE: `${lease}ms`,
      };
      servers[which] = await startServer(readConfig(settings), pino({ level: 'silent' }));
      ports[which] = (servers[which] as RunningServer).port;
    }
  };
  const stopServers = () => Promise.all(servers.map((server) => server.stop()));
  await start(catalogue);
  const url = (which: number): string => `http://127.0.0.1:${ports[which]}`;
  const owner = client(`${url(0)}/v3`, { 'api-key': ownerKey });
  const organizationId: string = (await owner.get('/account')).body.organization_id;
  const installation: Installation = {
    database,
    catalogue,
    organizationId,
    owner,
    partner: client(`${url(0)}/v3`, { 'partner-key': partnerKey }),
    apis: [new Latchkey({ url: url(0), apiKey: ownerKey }), new Latchkey({ url: url(1), apiKey: ownerKey })],
    url: url(0),
    issuer,
    async add({ email, granted, everything, owner: isOwner }) {
      const { services } = servers[0] as RunningServer;
      const [id, keyId] = [services.newId(), services.newId()];
      const permissions = new Set(granted) as Set<never>;
      const holdings = { owner: isOwner, everything, permissions };
      await insertMember(services.db, { organizationId, id, email, locale: 'en', holdings, status: 'active' });
      const { secret, stored } = newSecret(services, 'api_key');
      const key = {
        organizationId,
        id: keyId,
        name: email,
        memberId: id,
        bound: true,
        partnerId: null,
        allowedIps: [],
      };
      const all = { everything: true, permissions: new Set<never>() };
      await insertApiKey(services.db, { ...key, holdings: all, expiresAt: null }, stored);
      return client(`${url(0)}/v3`, { 'api-key': secret });
    },
    async join(email) {
      await owner.post('/organization/user/invitation/send', { email, all_features_access: true });
      const { body } = await owner.post(`/organization/user/invitation/link/${email}`);
      const token = String(body.link).split('#')[1];
      const joined = await client(`${url(1)}/v3`, {}).post('/organization/user/invitation/accept', { token });
      return Number(joined.headers.get('latchkey-revision') ?? 0);
    },
    async restart(file) {
      await stopServers();
      installation.catalogue = file;
      await start(file);
    },
    async stop() {
      await stopServers();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return installation;
}
