import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import { catalogueFingerprint } from '@latchkey/core/catalogue/fingerprint.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../server/src/config.ts';
import { type RunningServer, startServer } from '../../server/src/server.ts';
import { type Client, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { acme } from './acme.ts';

let world: World;
let folder: string;
let others: RunningServer[];
beforeEach(async () => {
  world = await startWorld({}, acme);
  folder = mkdtempSync(join(tmpdir(), 'latchkey-catalogue-'));
  others = [];
});
afterEach(async () => {
  for (const server of others) await server.stop();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Another server on the same database, with another catalogue: as after a restart, or beside. */
async function startWith(catalogue: CatalogueFile): Promise<{ owner: Client; root: string }> {
  const file = join(folder, 'catalogue.json');
  writeFileSync(file, JSON.stringify(catalogue));
  const server = await startServer(
    readConfig({
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: folder,
      DATABASE_URL: world.database.url,
      DATABASE_OWNER_URL: world.database.ownerUrl,
      DATABASE_POOL: '4',
      LATCHKEY_SECRET: 'a-secret-for-tests-of-32-characters-and-more',
      LATCHKEY_CATALOGUE: file,
    }),
    pino({ level: 'silent' }),
  );
  others.push(server);
  const root = `http://127.0.0.1:${server.port}`;
  return { owner: client(`${root}/v3`, { 'api-key': world.ownerKey }), root };
}

const bits = async (): Promise<Record<string, number>> =>
  Object.fromEntries(
    (
      await world.database.sql<{ name: string; bit: number }>(
        `select feature || ':' || permission as name, bit from permission_bit order by bit`,
      )
    ).map(({ name, bit }) => [name, bit]),
  );

const renamed: CatalogueFile = {
  ...acme,
  features: {
    ...acme.features,
    invoices: {
      ...acme.features.invoices,
      label: 'Invoices',
      permissions: { view: { label: 'View' }, settle: { label: 'Settle' }, refund: { label: 'Refund' } },
    },
  },
  aliases: { ...acme.aliases, 'invoices:pay': ['invoices:settle'] },
};

test('a permission that was renamed keeps its grants by its alias: for members, keys and filters', async () => {
  await world.join('mei@example.com', { permissions: ['invoices:pay', 'invoices:view'] });
  await world.owner.post('/organization/api-keys', {
    name: 'shop',
    all_features_access: false,
    privileges: [{ feature: 'invoices', permissions: ['pay'] }],
  });
  const { owner } = await startWith(renamed);
  expect((await owner.get('/organization/user/mei@example.com/permissions')).body.privileges).toEqual([
    { feature: 'invoices', permissions: ['view', 'settle'] },
  ]);
  const { api_keys } = (await owner.get('/organization/api-keys')).body;
  expect(api_keys.at(-1)).toMatchObject({
    name: 'shop',
    privileges: [{ feature: 'invoices', permissions: ['settle'] }],
  });
  for (const permission of ['invoices:settle', 'invoices:pay'])
    expect(
      (await owner.get(`/organization/invited/users?permission=${permission}&search=mei`)).body.users,
      permission,
    ).toHaveLength(1);
});

test('a permission that was removed counts for nothing, stays stored, and counts again when it comes back', async () => {
  await world.join('mei@example.com', { permissions: ['tickets:answer', 'tickets:read'] });
  const without: CatalogueFile = {
    ...acme,
    features: {
      ...acme.features,
      tickets: { label: 'Tickets', area: 'support', permissions: { read: { label: 'Read' } } },
    },
    aliases: {},
  };
  const read = async (owner: Client) =>
    (await owner.get('/organization/user/mei@example.com/permissions')).body.privileges;
  expect(await read((await startWith(without)).owner)).toEqual([{ feature: 'tickets', permissions: ['read'] }]);
  expect(await read((await startWith(acme)).owner)).toEqual([{ feature: 'tickets', permissions: ['read', 'answer'] }]);
});

test('a permission’s bit is given once: an inserted line shifts none, and a removed one’s is never given again', async () => {
  const before = await bits();
  expect(Object.values(before)).toEqual(Object.keys(before).map((_, place) => place));
  const inserted: CatalogueFile = {
    ...acme,
    features: {
      aardvarks: { label: 'Aardvarks', permissions: { feed: { label: 'Feed' } } },
      ...acme.features,
      invoices: { label: 'Invoices', permissions: { archive: { label: 'Archive' }, view: { label: 'View' } } },
    },
    aliases: {},
    plans: { company: { label: 'Company', seats: null, features: 'all' } },
  };
  await startWith(inserted);
  const after = await bits();
  expect(after).toMatchObject(before);
  expect(after['aardvarks:feed']).toBe(Object.keys(before).length);
  expect(after['invoices:archive']).toBe(Object.keys(before).length + 1);
  await startWith(acme);
  expect(await bits(), 'removed ones keep theirs').toEqual(after);
  const values = Object.values(after);
  expect(new Set(values).size).toBe(values.length);
});

test('two servers that start at once give no bit twice', async () => {
  const [one, two] = ['one', 'two'].map((name) => ({
    ...acme,
    features: { ...acme.features, [name]: { label: name, permissions: { a: { label: 'A' }, b: { label: 'B' } } } },
  }));
  await Promise.all(
    [startWith(one as CatalogueFile), startWith(two as CatalogueFile)].map((start) => start.catch(() => {})),
  );
  const values = Object.values(await bits());
  expect(new Set(values).size).toBe(values.length);
});

test('a node with another catalogue than the newest is not ready, and says so', async () => {
  const first = `http://127.0.0.1:${world.server.port}`;
  const ready = async (root: string) => {
    const response = await fetch(`${root}/health/ready`);
    return { status: response.status, body: await response.json() };
  };
  expect(await ready(first)).toEqual({ status: 200, body: { status: 'ready' } });
  const second = await startWith(renamed);
  expect(await ready(second.root)).toMatchObject({ status: 200 });
  expect(await ready(first)).toEqual({
    status: 503,
    body: { status: 'not ready', reason: 'another node has brought another catalogue; restart this one with it' },
  });
  const [row] = await world.database.sql('select catalogue_fingerprint from installation');
  expect(row).toEqual({ catalogue_fingerprint: catalogueFingerprint(loadCatalogue(renamed)) });
});

test('labels and the order of lines are no other catalogue; permissions, aliases, plans and administration are', () => {
  const fingerprint = (change: Partial<CatalogueFile>) => catalogueFingerprint(loadCatalogue({ ...acme, ...change }));
  const same = fingerprint({});
  const reversed = Object.fromEntries(Object.entries(acme.features).reverse());
  expect(fingerprint({ name: 'other', features: reversed })).toBe(same);
  const { solo, company } = acme.plans as {
    solo: CatalogueFile['plans'][string];
    company: CatalogueFile['plans'][string];
  };
  const different = [
    fingerprint({ aliases: {} }),
    fingerprint({ features: { ...acme.features, more: { label: 'More', permissions: { a: { label: 'A' } } } } }),
    fingerprint({ plans: { solo: { ...solo, seats: 2 }, company } }),
    fingerprint({ plans: { solo: { ...solo, features: { tickets: 'all' } }, company } }),
    fingerprint({ default_plan: 'solo' }),
    fingerprint({ administration: { ...acme.administration, activities: 'team:people' } }),
  ];
  expect(new Set([same, ...different]).size).toBe(different.length + 1);
});
