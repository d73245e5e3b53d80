import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { mayCall, type OrganizationAccess } from '@latchkey/core/authority.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call, Outcome } from '../usecases/call.ts';
import { accessForbidden } from '../usecases/under-lock.ts';
import { admit, type Gate, handle, inputOf, originOf } from './handle.ts';
import { type Input, type RoutedName, useCases } from './routes.ts';
import type { Streamed } from './streamed-list.ts';

/**
 * What a key must be allowed for an operation that may be handled early: one that changes nothing and asks only for a key. Undefined for others;
 * what follows access is answered from memory, or goes on for as long as somebody listens.
 */
export function earlyAccess(operation: Operation): OrganizationAccess | undefined {
  const { method, access, protocol, audit, inTurn, freshSignIn } = operation;
  if (method !== 'GET' || audit !== undefined || protocol !== undefined || inTurn || freshSignIn) return undefined;
  const isForKeys = access !== 'public' && access !== 'partner' && access !== 'session' && access !== 'access_checks';
  return isForKeys ? access : undefined;
}

/** For reads, which have no body to be kept from: who asks is found out while what they ask for is read. */
export function handleEarly(gate: Gate, name: RoutedName, access: OrganizationAccess) {
  const operation: Operation = api[name];
  const useCase = useCases[name] as (call: Call, input: Input<Operation>) => Promise<Outcome<unknown> | Streamed>;
  const [admitted, answered] = [admit(gate, name), handle(gate, name)];
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const { headers, validationError } = request;
    const begun =
      !validationError &&
      gate.earlyReads.begin(headers, request.ip, async (actor) => {
        if (!mayCall(gate.services.catalogue, actor, access)) throw accessForbidden();
        const call: Call = { ...gate.services, origin: originOf(request), actor, access };
        return useCase(call, inputOf(operation, request, reply));
      });
    request.early = begun || null;
    try {
      await admitted(request, reply);
    } catch (error) {
      gate.earlyReads.keep(headers, undefined);
      request.early?.discard();
      throw error;
    }
    // Who may not ask is told that, whatever else is wrong with the request.
    if (validationError) throw validationError;
    const { caller } = request;
    gate.earlyReads.keep(headers, caller && 'actor' in caller ? caller.actor : undefined);
    return answered(request, reply);
  };
}
