import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { catalogueVocabulary } from '@latchkey/core/access/catalogue-vocabulary.ts';
import { catalogueFingerprint } from '@latchkey/core/catalogue/fingerprint.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { deriveKey } from '@latchkey/core/invitation-link.ts';
import { makeKeySecret } from '@latchkey/core/key-secret.ts';
import type { FastifyBaseLogger } from 'fastify';
import pg from 'pg';
import { AccessIndex } from './access/access-index.ts';
import { announcer } from './access/announcer.ts';
import { AccessFeed } from './access/feed.ts';
import { Followers } from './access/followers.ts';
import { listenForChanges } from './access/listener.ts';
import { accessTokens } from './access-tokens.ts';
import { readCatalogue } from './catalogue-file.ts';
import type { Config } from './config.ts';
import { buildApp } from './http/app.ts';
import { authentication } from './http/authenticate.ts';
import { EarlyReads } from './http/early-reads.ts';
import { rateLimit } from './http/limits.ts';
import { refusals } from './http/refusals.ts';
import { sessionCookie } from './http/session-cookie.ts';
import { turns } from './http/turns.ts';
import { type MailWorker, releaseMail, startMailWorker } from './jobs/deliver-mail.ts';
import { startKeyUsage } from './jobs/note-key-usage.ts';
import { startReturningMemory } from './jobs/return-memory.ts';
import { startSweep } from './jobs/sweep.ts';
import { keyFromFile } from './key-file.ts';
import { invitationLinks, signInLinks } from './links.ts';
import { newId } from './new-id.ts';
import { type Connection, clientConfig, roleOf } from './postgres/connection.ts';
import { startEmbeddedPostgres } from './postgres/embedded.ts';
import { migrate } from './postgres/migrate.ts';
import { loadSecrets } from './secrets-file.ts';
import { accessChannel } from './store/access-changes.ts';
import { readPermissionBits } from './store/access-states.ts';
import { poolDatabase } from './store/database.ts';
import { invitationWriter } from './store/invitations.ts';
import type { Services } from './usecases/call.ts';
import { catalogueDisagreement, prepareInstallation } from './usecases/installation/prepare-installation.ts';
import { makeOperatorLink } from './usecases/sign-in/make-operator-link.ts';

export interface RunningServer {
  /** Where it listens; the port is the real one also where 0 was asked for. */
  url: string;
  port: number;
  /** Whether there was no organization before. */
  firstStart: boolean;
  /** Signs the first owner in, once; made by the first start only. */
  ownerLink: string | null;
  /** The embedded database's folder; null with DATABASE_URL. */
  databaseFolder: string | null;
  services: Services;
  /** Takes no more requests, finishes those under way, sends what is being sent, stops the database. */
  stop(): Promise<void>;
}

const migrations = fileURLToPath(new URL('../migrations', import.meta.url));
/** A connection that keeps silent for longer is given up, so that it stops its own request and no other. */
const queryPatienceMilliseconds = 10_000;
const defaultOwner = 'owner@example.com';
/** Asking a server what it can and sending take so long each at most: together less than the lease on a message. */
const mailDeadlineMilliseconds = 30_000;

/**
 * Puts everything together and listens. Whatever was started is stopped again should a later step fail.
 * @throws OperatorError for what the operator can mend
 */
export async function startServer(config: Config, log: FastifyBaseLogger): Promise<RunningServer> {
  const running: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of running.splice(0).reverse()) await end();
  };
  try {
    return await start(config, log, running, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  config: Config,
  log: FastifyBaseLogger,
  running: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<RunningServer> {
  const catalogue = readCatalogue(config.catalogueFile);
  const secrets = loadSecrets(config);
  const database = await openDatabase(config, log, running);
  const pool = new pg.Pool({
    ...clientConfig(database.serving, 'latchkey'),
    max: config.databasePool,
  });
  pool.on('error', noteBroken(log));
  running.push(() => pool.end());

  const db = poolDatabase(pool, queryPatienceMilliseconds);
  // Questions about changes go by connections of their own: they must not wait behind others, nor for one that no longer answers.
  const feedPool = new pg.Pool({
    ...clientConfig(database.serving, 'latchkey access'),
    max: 2,
    connectionTimeoutMillis: config.accessLease / 2,
  });
  feedPool.on('error', noteBroken(log));
  running.push(() => feedPool.end());
  const feedDb = poolDatabase(feedPool, config.accessLease / 2);
  const fingerprint = catalogueFingerprint(catalogue);
  const feedFailed = nowAndThen((error) => log.warn({ err: error }, 'changes of access could not be asked for'));
  const feed = new AccessFeed(feedDb, {
    lease: config.accessLease,
    catalogue: fingerprint,
    clock: () => performance.now(),
    failed: feedFailed,
  });
  const announce = announcer(feedDb, feedFailed);
  let mail: MailWorker | undefined;
  const mailLimits = { recipient: config.mailRateRecipient, organization: config.mailRateOrganization };
  const foundation = {
    db,
    catalogue,
    catalogueFingerprint: fingerprint,
    newId,
    newKeyBytes: () => randomBytes(32),
  };
  const ownerEmail = canonicalEmail(config.ownerEmail ?? defaultOwner);
  const firstStart = await prepareInstallation(foundation, secrets, {
    ownerEmail,
    apiKey: () =>
      config.apiKey ?? keyFromFile(config.dataDir, 'api-key', () => makeKeySecret('api_key', randomBytes(32))),
    partnerKey: () =>
      config.partnerKey ??
      keyFromFile(config.dataDir, 'partner-key', () => makeKeySecret('partner_key', randomBytes(32))),
  });

  const vocabulary = catalogueVocabulary(catalogue, await readPermissionBits(db));
  const index = new AccessIndex(db, vocabulary, {
    maximum: config.accessIndexMembers,
    seed: randomBytes(4).readUInt32LE(),
    now: () => feed.now(),
  });
  feed.onChange((changes) => index.apply(changes));
  feed.onRestart(() => index.clear());
  const services: Services = {
    ...foundation,
    links: invitationLinks(config.publicUrl, secrets),
    signIn: {
      ...signInLinks(config.publicUrl, secrets),
      mailsLinks: config.smtpUrl !== null,
      linkSeconds: config.signInLinkTtl / 1000,
      sessionSeconds: config.sessionTtl / 1000,
      idleSeconds: config.sessionIdle / 1000,
      origin: new URL(config.publicUrl).origin,
    },
    invitationSeconds: config.invitationTtl / 1000,
    mailLimits,
    writeInvitation: invitationWriter(db, mailLimits),
    mailQueued: () => mail?.wake(),
    checks: { feed, index, vocabulary, followers: new Followers() },
    tokens: accessTokens(config.publicUrl, secrets),
    accessChanged: () => {
      feed.wake();
      announce();
    },
  };
  await feed.start();
  running.push(() => feed.stop());
  const listener = listenForChanges(
    clientConfig(config.databaseListenUrl ?? database.serving, 'latchkey listen'),
    accessChannel,
    () => feed.wake(),
    (error) => log.warn({ err: error }, 'the connection that listens for changes of access broke'),
  );
  running.push(() => listener.stop());

  if (config.smtpUrl !== null) {
    // Nobody else can have claimed messages of the embedded database: what a crash left claimed is free at once.
    if (database.folder !== null) await releaseMail(db);
    // Only now, since what mail needs takes a while to load.
    const { createSmtpTransport } = await import('./mail/transport.ts');
    const transport = createSmtpTransport({
      url: config.smtpUrl,
      from: config.mailFrom,
      deadline: mailDeadlineMilliseconds,
    });
    mail = startMailWorker(services, { transport, from: config.mailFrom, atOnce: config.mailConnections, log });
    running.push(() => mail?.stop());
  }
  const usage = startKeyUsage(db, log);
  running.push(() => usage.stop());
  const sweep = startSweep(
    db,
    { idempotencySeconds: config.idempotencyTtl / 1000, idleSeconds: config.sessionIdle / 1000 },
    log,
  );
  running.push(() => sweep.stop());
  const memory = startReturningMemory(log);
  running.push(() => memory.stop());

  const app = await buildApp(
    {
      services,
      authentication: authentication(db, catalogue, {
        cookie: sessionCookie(config.publicUrl),
        idleSeconds: config.sessionIdle / 1000,
      }),
      keyLimit: rateLimit(config.rateLimit),
      addressLimit: rateLimit(config.rateLimitAddress),
      refusals: refusals(30),
      // A few connections for whoever changes many at once; the others are for everybody.
      turns: turns(Math.max(1, Math.floor(config.databasePool / 4))),
      earlyReads: new EarlyReads(),
      usage,
      sealKeys: secrets.map((secret) => deriveKey(secret, 'latchkey/idempotency')),
    },
    { trustProxy: config.trustProxy, log, publicUrl: config.publicUrl, ready: () => notReady(services) },
  );
  running.push(() => app.close());
  const url = await app.listen({ port: config.port, host: config.host });
  const address = app.server.address();
  return {
    url,
    port: typeof address === 'object' && address ? address.port : config.port,
    firstStart,
    ownerLink: firstStart ? await makeOperatorLink(services, ownerEmail) : null,
    databaseFolder: database.folder,
    services,
    stop,
  };
}

async function openDatabase(
  config: Config,
  log: FastifyBaseLogger,
  running: (() => Promise<void> | void)[],
): Promise<{ serving: Connection; folder: string | null }> {
  if (config.databaseUrl !== null) {
    const owner = config.databaseOwnerUrl ?? config.databaseUrl;
    await migrated(owner, await roleOf(config.databaseUrl), log);
    return { serving: config.databaseUrl, folder: null };
  }
  const embedded = await startEmbeddedPostgres({ dataDir: config.dataDir, log });
  running.push(() => embedded.stop());
  await migrated(embedded.owner, embedded.serving.user, log);
  return { serving: embedded.serving, folder: embedded.folder };
}

/** What fails several times a second is written down every ten seconds. */
function nowAndThen(write: (error: unknown) => void): (error: unknown) => void {
  let next = 0;
  return (error) => {
    if (performance.now() < next) return;
    next = performance.now() + 10_000;
    write(error);
  };
}

/** Without the connection, which the error carries with it. */
const noteBroken =
  (log: FastifyBaseLogger) =>
  ({ message }: Error): void =>
    log.warn({ err: new Error(message) }, 'an idle database connection broke');

async function migrated(owner: Connection, servingRole: string, log: FastifyBaseLogger): Promise<void> {
  const { applied, warnings } = await migrate({ owner, servingRole, folder: migrations });
  if (applied.length > 0) log.info({ applied }, 'the schema was brought up to date');
  for (const warning of warnings) log.warn(warning);
}

async function notReady({ db, catalogueFingerprint: fingerprint }: Services): Promise<string | undefined> {
  try {
    return await catalogueDisagreement(db, fingerprint);
  } catch {
    return 'the database cannot be reached';
  }
}
