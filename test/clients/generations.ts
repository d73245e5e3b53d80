/**
 * How a generation of the official clients writes its requests, as recorded from each of them against a local server
 * (the reference material has the full table). The two that are driven for real, 3.x and 6.x for Node, stand elsewhere.
 */
export interface Generation {
  client: string;
  /** The e-mail address as it puts it into a path. */
  inPath(email: string): string;
  /** On every request, the key included. */
  headers(key: string): Record<string, string>;
  onGet: Record<string, string>;
  onPut: Record<string, string>;
  onPost: Record<string, string>;
  body(value: unknown): string;
  /** What its vocabulary offers and no newer one does, and what we make of it. */
  sends: Privilege[];
  means: Privilege[];
}

export interface Privilege {
  feature: string;
  permissions: string[];
}

const json = { 'content-type': 'application/json' };
const jsonInUtf8 = { 'content-type': 'application/json; charset=utf-8' };
const noBody = { 'content-length': '0' };
const raw = (email: string): string => email;

const contacts: Privilege = { feature: 'contacts', permissions: ['view', 'export'] };
const allOfSales: Privilege = {
  feature: 'sales_platform',
  permissions: ['create_edit_deals', 'delete_deals', 'manage_others_deals_tasks', 'reports', 'settings'],
};
const ownDeals: Privilege = { feature: 'sales_platform', permissions: ['create_edit_deals', 'delete_deals'] };
const ownCompanies: Privilege = { feature: 'companies', permissions: ['manage_owned_companies'] };

export const generations: Generation[] = [
  {
    client: 'Node 1.0.1',
    inPath: encodeURIComponent,
    headers: (key) => ({
      'api-key': key,
      'user-agent': 'brevo_clientAPI/v1.0.1/node',
      accept: 'application/json',
      connection: 'close',
    }),
    onGet: json,
    onPut: { ...json, ...noBody },
    onPost: json,
    body: JSON.stringify,
    sends: [
      { feature: 'api_keys', permissions: ['all'] },
      { feature: 'sales_platform', permissions: ['all'] },
    ],
    means: [{ feature: 'smtp_api', permissions: ['api_keys'] }, allOfSales],
  },
  {
    client: 'Node 2.2.0',
    inPath: encodeURIComponent,
    headers: (key) => ({ 'api-key': key, accept: 'application/json' }),
    onGet: {},
    onPut: noBody,
    onPost: json,
    body: JSON.stringify,
    sends: [contacts, { feature: 'sales_platform', permissions: ['manage_owned_deals_tasks_companies'] }],
    means: [contacts, ownDeals, ownCompanies],
  },
  {
    client: 'Java 1.0.0',
    inPath: encodeURIComponent,
    headers: (key) => ({
      'api-key': key,
      'user-agent': 'brevo_clientAPI/v1.0.0/java',
      accept: 'application/json',
      'accept-encoding': 'gzip',
    }),
    onGet: json,
    onPut: { ...jsonInUtf8, ...noBody },
    onPost: jsonInUtf8,
    body: JSON.stringify,
    sends: [contacts, { feature: 'sales_platform', permissions: ['manage_others_deals_tasks_companies'] }],
    means: [
      contacts,
      { feature: 'sales_platform', permissions: ['manage_others_deals_tasks'] },
      { feature: 'companies', permissions: ['manage_other_companies'] },
    ],
  },
  {
    client: 'Python 1.2.0',
    inPath: encodeURIComponent,
    headers: (key) => ({
      'api-key': key,
      'user-agent': 'brevo_clientAPI/v1.2.0/python',
      accept: 'application/json',
      'accept-encoding': 'identity',
    }),
    onGet: json,
    onPut: { ...json, ...noBody },
    onPost: json,
    body: JSON.stringify,
    sends: [contacts, ownDeals],
    means: [contacts, ownDeals],
  },
  {
    client: 'Python 4.0.10',
    inPath: raw,
    headers: (key) => ({
      'api-key': key,
      'user-agent': 'brevo-python/4.0.10',
      accept: '*/*',
      'accept-encoding': 'gzip, deflate',
      'x-fern-language': 'Python',
    }),
    onGet: {},
    onPut: noBody,
    onPost: json,
    body: JSON.stringify,
    sends: [contacts, { feature: 'companies', permissions: ['manage_others_companies'] }],
    means: [contacts, { feature: 'companies', permissions: ['manage_other_companies'] }],
  },
  {
    client: 'PHP 2.0.13',
    inPath: encodeURIComponent,
    headers: (key) => ({ 'api-key': key, 'user-agent': 'brevo_clientAPI/v2.0.0/php', accept: 'application/json' }),
    onGet: json,
    onPut: { ...json, ...noBody },
    onPost: json,
    body: (value) => JSON.stringify(value, null, 4),
    sends: [contacts, { feature: 'facebook_ads', permissions: ['create_edit_delete', 'schedule_pause'] }],
    means: [contacts, { feature: 'facebook_ads', permissions: ['create_edit_delete', 'schedule_pause'] }],
  },
  {
    client: 'Ruby 4.0.0',
    inPath: raw,
    headers: (key) => ({
      'api-key': key,
      'user-agent': 'Swagger-Codegen/4.0.0/ruby',
      accept: 'application/json',
    }),
    onGet: json,
    onPut: { ...json, ...noBody },
    onPost: json,
    body: JSON.stringify,
    sends: [contacts, { feature: 'landing_pages', permissions: ['all'] }],
    means: [contacts, { feature: 'landing_pages', permissions: ['all'] }],
  },
  {
    client: 'Go 1.1.3',
    inPath: raw,
    headers: (key) => ({
      'api-key': key,
      // Its example sets both headers to the one key.
      'partner-key': key,
      'user-agent': 'brevo_clientAPI/v1.0.0/go',
      accept: 'application/json',
      'accept-encoding': 'gzip',
    }),
    onGet: json,
    onPut: { ...json, ...noBody },
    onPost: json,
    body: (value) => `${JSON.stringify(value)}\n`,
    sends: [contacts, { feature: 'sales_platform', permissions: ['manage_owned_deals_tasks'] }],
    means: [contacts, ownDeals],
  },
];
