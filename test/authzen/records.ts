import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import type { PermissionName } from '@latchkey/core/permission.ts';
import { startWorld, type World } from '../world.ts';

const permissions = { read: { label: 'Read' }, write: { label: 'Write' }, delete: { label: 'Delete' } };

/** The catalogue of a product whose features are records, as the certification scenario's fixture has them (§1). */
export const records: CatalogueFile = {
  name: 'records',
  resource_type: 'record',
  areas: {},
  features: {
    'record-1': { label: 'The first record', permissions },
    'record-2': { label: 'The second record', permissions },
    // A name that every object has by itself.
    constructor: { label: 'Constructor', permissions: { constructor: { label: 'Construct' } } },
    team: {
      label: 'Team',
      permissions: { people: { label: 'People' }, keys: { label: 'Keys' }, check: { label: 'Check' } },
    },
  },
  aliases: {
    'record-1:edit': ['record-1:write', 'record-1:delete'],
    'archive:open': ['record-1:read', 'record-2:read'],
  },
  plans: {
    all: { label: 'All', seats: null, features: 'all' },
    small: { label: 'Small', seats: null, features: { 'record-1': 'all' } },
  },
  default_plan: 'all',
  administration: {
    members: 'team:people',
    api_keys: 'team:keys',
    activities: 'team:people',
    access_checks: 'team:check',
  },
};

/** A world of records with alice, who may read and write the first and read the second, and bob, who may read the first. */
export async function startRecords(settings: Record<string, string> = {}): Promise<World> {
  const world = await startWorld(settings, records);
  const people: Record<string, PermissionName[]> = {
    alice: ['record-1:read', 'record-1:write', 'record-2:read'],
    bob: ['record-1:read'],
  };
  for (const [name, held] of Object.entries(people)) {
    const { email } = await world.join(`${name}@example.com`, { permissions: held });
    const named = await world.owner.put(`/organization/user/${email}`, { external_id: name });
    if (named.status !== 200) throw new Error(`naming ${name}: ${named.status} ${JSON.stringify(named.body)}`);
  }
  return world;
}
