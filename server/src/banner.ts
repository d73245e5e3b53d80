import { existsSync, readFileSync } from 'node:fs';
import type { Config } from './config.ts';
import { keyFile } from './key-file.ts';
import type { RunningServer } from './server.ts';

/**
 * What the person who started the server reads: where everything is, and a first request to paste. Keys themselves are
 * shown only to a terminal, and only by the start that made them; everywhere else the line reads them from their file.
 */
export function welcome(config: Config, server: RunningServer, terminal: boolean): string {
  const local = `http://localhost:${server.port}`;
  const lines = [
    `Latchkey listens on ${server.url}`,
    `  Console    ${config.publicUrl}/console/`,
    `  API        ${local}/v3  (described by ${local}/openapi.json)`,
    `  Reference  ${config.publicUrl}/reference`,
    `  Join page  ${config.publicUrl}/join`,
    `  Health     ${local}/health/ready`,
    `  Data       ${server.databaseFolder ?? 'the PostgreSQL of DATABASE_URL'}`,
    `  Mail       ${config.smtpUrl ? 'by SMTP' : 'waits in the outbox: SMTP_URL is not set'}`,
    `  API key    ${whereKeyIs(config, 'api-key', terminal && server.firstStart)}`,
    `  Partner    ${whereKeyIs(config, 'partner-key', terminal && server.firstStart)}`,
    '',
    ...(server.ownerLink === null
      ? ['Sign in to the console: npm run sign-in-link -- <your address>', '']
      : ['Sign in to the console as its owner, once, within the hour:', `  ${server.ownerLink}`, '']),
    'Or invite somebody from here:',
    `  ${firstRequest(config, local)}`,
  ];
  return `\n${lines.join('\n')}\n\n`;
}

function whereKeyIs(config: Config, name: 'api-key' | 'partner-key', show: boolean): string {
  const setting = name === 'api-key' ? 'LATCHKEY_API_KEY' : 'LATCHKEY_PARTNER_KEY';
  if ((name === 'api-key' ? config.apiKey : config.partnerKey) !== null)
    return `as in ${setting}, if that was set at the first start`;
  const file = keyFile(config.dataDir, name);
  if (!existsSync(file)) return 'made by the first start on this database, on another machine or in another folder';
  return show ? `${readFileSync(file, 'utf8').trim()}  (kept in ${file})` : `in ${file}`;
}

function firstRequest(config: Config, local: string): string {
  const key =
    config.apiKey === null
      ? `$(cat '${keyFile(config.dataDir, 'api-key').replaceAll("'", `'\\''`)}')`
      : '$LATCHKEY_API_KEY';
  const body = JSON.stringify({
    email: 'mei@example.com',
    all_features_access: false,
    privileges: [{ feature: 'contacts', permissions: ['view', 'export'] }],
  });
  return `curl -H "api-key: ${key}" -H 'content-type: application/json' -d '${body}' ${local}/v3/organization/user/invitation/send`;
}
