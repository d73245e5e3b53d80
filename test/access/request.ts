import { api, type OperationName } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import type { Answer, Client } from '../client.ts';
import type { AnyAsked } from './preparations.ts';

export const operations = Object.entries(api) as [OperationName, Operation][];

/** Sends an operation's request as the contract writes it: method, path with its parameters, query, body. */
export function ask(
  as: Client,
  name: OperationName,
  asked: AnyAsked,
  headers?: Record<string, string>,
): Promise<Answer> {
  const operation: Operation = api[name];
  return as.send(operation.method, pathOf(operation, asked), asked.body, headers);
}

/** Where an operation stands, below /v3 or by a step out of it: AuthZEN has paths of its own. */
export const targetOf = ({ path, protocol }: Operation): string => (protocol === 'authzen' ? `/..${path}` : path);

export function pathOf(operation: Operation, { params = {}, query = {} }: AnyAsked): string {
  const path = targetOf(operation).replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)])).toString();
  return search === '' ? path : `${path}?${search}`;
}
