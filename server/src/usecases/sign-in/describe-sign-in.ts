import { isIP } from 'node:net';
import type { Api } from '@latchkey/core/api/index.ts';
import type { Reply } from '@latchkey/core/api/operation.ts';
import type { Outcome, PublicCall } from '../call.ts';

/** Passkeys belong to a name, on https or on the machine itself: browsers offer them nowhere else. */
export async function describeSignIn({ signIn }: PublicCall): Promise<Outcome<Reply<Api['describeSignIn']>>> {
  const { protocol, hostname } = new URL(signIn.origin);
  return {
    body: {
      mailed_links: signIn.mailsLinks,
      passkeys: hostname === 'localhost' || (protocol === 'https:' && !isAddress(hostname)),
    },
  };
}

const isAddress = (hostname: string): boolean => isIP(hostname.replace(/^\[|\]$/g, '')) !== 0;
