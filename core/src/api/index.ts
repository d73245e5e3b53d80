import * as access from './access.ts';
import * as bulk from './bulk.ts';
import * as corporate from './corporate.ts';
import * as joining from './joining.ts';
import * as keys from './keys.ts';
import * as members from './members.ts';
import * as organization from './organization.ts';
import * as ownership from './ownership.ts';
import * as signIn from './sign-in.ts';

/** The whole API as one value: operation name to operation. Everything about an operation derives from here. */
export const api = {
  ...members,
  ...bulk,
  ...joining,
  ...ownership,
  ...keys,
  ...access,
  ...organization,
  ...corporate,
  ...signIn,
} as const;

export type Api = typeof api;
export type OperationName = keyof Api;
/** Those that AuthZEN defines. */
export type AuthzenName = { [N in OperationName]: Api[N] extends { protocol: 'authzen' } ? N : never }[OperationName];
