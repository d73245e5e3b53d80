import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import { permissionsOf, readPrivileges } from '@latchkey/core/privilege.ts';
import { expect, test } from 'vitest';

const catalogue = loadCatalogue(builtInCatalogue);
const meaning = (feature: string, permission: string): string[] =>
  [...permissionsOf(readPrivileges(catalogue, [{ feature, permissions: [permission] }]))].sort();

// The names of every generation of the public documents, newest first, as printed there.
const generations = {
  newest: {
    email_campaigns: ['create_edit_delete', 'send_schedule_suspend'],
    sms_campaigns: ['create_edit_delete', 'send_schedule_suspend'],
    contacts: ['view', 'create_edit_delete', 'import', 'export', 'list_and_attributes', 'forms'],
    templates: ['create_edit_delete', 'activate_deactivate'],
    workflows: ['create_edit_delete', 'activate_deactivate_pause', 'settings'],
    landing_pages: ['all'],
    transactional_emails: ['settings', 'logs'],
    smtp_api: ['smtp', 'api_keys', 'authorized_ips'],
    user_management: ['all'],
    sales_platform: ['create_edit_deals', 'delete_deals', 'manage_others_deals_tasks', 'reports', 'settings'],
    phone: ['all'],
    conversations: ['access', 'assign', 'configure'],
    senders_domains_dedicated_ips: ['senders_management', 'domains_management', 'dedicated_ips_management'],
    push_notifications: ['view', 'create_edit_delete', 'send', 'settings'],
    companies: ['manage_owned_companies', 'manage_other_companies', 'settings'],
  },
  'the newest enumeration, where it differs from the prose': { companies: ['manage_others_companies'] },
  '2025': { sales_platform: ['delete_owned_deals'], facebook_ads: ['create_edit_delete', 'schedule_pause'] },
  '2024': {
    sales_platform: [
      'manage_owned_deals_tasks',
      'manage_owned_deals_tasks_companies',
      'manage_others_deals_tasks_companies',
    ],
  },
  2023: { sales_platform: ['all'], api_keys: ['all'], contacts: ['send_schedule_suspend'] },
};

test.each(Object.entries<Record<string, string[]>>(generations))('every name of %s is accepted', (_, features) => {
  for (const [feature, permissions] of Object.entries(features))
    for (const permission of permissions)
      expect(meaning(feature, permission).length, `${feature}:${permission}`).toBeGreaterThan(0);
});

test('the newest names are the catalogue’s own, with one that was dropped since as deprecated, and one of Latchkey itself', () => {
  const own = Object.fromEntries(
    Object.entries(builtInCatalogue.features)
      .filter(([, feature]) => !feature.deprecated)
      .map(([name, feature]) => [name, Object.keys(feature.permissions)]),
  );
  expect(own).toEqual({ ...generations.newest, access: ['check'] });
  expect(Object.keys(builtInCatalogue.features).filter((name) => builtInCatalogue.features[name]?.deprecated)).toEqual([
    'facebook_ads',
  ]);
});

test('a name that became several gives all of them, across features', () => {
  expect(meaning('sales_platform', 'manage_owned_deals_tasks_companies')).toEqual([
    'companies:manage_owned_companies',
    'sales_platform:create_edit_deals',
    'sales_platform:delete_deals',
  ]);
  expect(meaning('sales_platform', 'all')).toHaveLength(5);
});

test('every alias is followed to its end', () => {
  for (const [alias, targets] of catalogue.aliases)
    for (const target of targets) expect(catalogue.permissions.has(target), `${alias} → ${target}`).toBe(true);
});

test('everything has a label in English and in French', () => {
  const labels = [
    ...Object.values(builtInCatalogue.areas),
    ...Object.values(builtInCatalogue.plans),
    ...Object.values(builtInCatalogue.features).flatMap((feature) => [feature, ...Object.values(feature.permissions)]),
  ].map(({ label }) => label);
  for (const label of labels) expect(label).toEqual({ en: expect.stringMatching(/./), fr: expect.stringMatching(/./) });
});
