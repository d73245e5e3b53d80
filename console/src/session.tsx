import type { GetSessionReply } from '@latchkey/client';
import { createContext, useContext } from 'react';

export type Organization = GetSessionReply['organizations'][number];

export const SessionContext = createContext<GetSessionReply | undefined>(undefined);
export const OrganizationContext = createContext<Organization | undefined>(undefined);

/** Who is signed in, and the organizations they belong to. Only below the pages for those who are. */
export function useSession(): GetSessionReply {
  const session = useContext(SessionContext);
  if (!session) throw new Error('nobody is signed in here');
  return session;
}

/** The organization that the address names, and who the reader is in it. */
export function useOrganization(): Organization {
  const organization = useContext(OrganizationContext);
  if (!organization) throw new Error('no organization here');
  return organization;
}

const storageKey = 'latchkey-organization';

/** The organization to begin with: the last one looked at in this browser, else the first. */
export function startingOrganization({ organizations }: GetSessionReply): Organization | undefined {
  const last = localStorage.getItem(storageKey);
  return organizations.find(({ id }) => id === last) ?? organizations[0];
}

export function rememberOrganization(id: string): void {
  localStorage.setItem(storageKey, id);
}
