import type { Answer } from '../client.ts';
import type { World } from '../world.ts';

export const paths = {
  evaluation: '/access/v1/evaluation',
  evaluations: '/access/v1/evaluations',
  subject: '/access/v1/search/subject',
  resource: '/access/v1/search/resource',
  action: '/access/v1/search/action',
} as const;

export type Endpoint = keyof typeof paths;

/** Asks a world's server as AuthZEN does; a text is sent as it is. Ada's key asks where none is named. */
export async function askDecisionPoint(
  world: World,
  endpoint: Endpoint,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(world.base.replace('/v3', '') + paths[endpoint], {
    method: 'POST',
    headers: {
      ...(!('api-key' in headers || 'partner-key' in headers) && { 'api-key': world.ownerKey }),
      'content-type': 'application/json',
      ...headers,
    },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}
