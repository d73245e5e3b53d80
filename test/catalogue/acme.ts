import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';

/** A team's own catalogue: other features, other areas, other administration, plans of its own. */
export const acme: CatalogueFile = {
  $schema: './catalogue.schema.json',
  name: 'acme',
  areas: { billing: { label: 'Billing' }, support: { label: { en: 'Support', fr: 'Assistance' } } },
  features: {
    invoices: {
      label: { en: 'Invoices', fr: 'Factures' },
      area: 'billing',
      permissions: { view: { label: 'View' }, pay: { label: 'Pay' }, refund: { label: 'Refund' } },
    },
    tickets: {
      label: 'Tickets',
      area: 'support',
      permissions: { read: { label: 'Read' }, answer: { label: 'Answer' } },
    },
    team: {
      label: 'Team',
      permissions: { people: { label: 'People' }, keys: { label: 'Keys' }, log: { label: 'Log' } },
    },
  },
  aliases: { 'invoices:read': ['invoices:view'], 'helpdesk:all': ['tickets:read', 'tickets:answer'] },
  plans: {
    solo: { label: 'Solo', seats: 1, features: { invoices: ['view'], tickets: 'all' } },
    company: { label: 'Company', seats: null, features: 'all' },
  },
  default_plan: 'company',
  administration: { members: 'team:people', api_keys: 'team:keys', activities: 'team:log' },
};
