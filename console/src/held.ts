import type { GetMeReply, ListFeaturesReply } from '@latchkey/client';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { latchkeyIn } from './latchkey.ts';
import { useLanguage } from './words/words.tsx';

/** What the reader holds in an organization. */
export function useMe(organizationId: string | undefined): UseQueryResult<GetMeReply> {
  return useQuery({
    queryKey: ['organization', organizationId, 'me'],
    queryFn: async ({ signal }) => await latchkeyIn(organizationId ?? '').getMe({ signal }),
    enabled: organizationId !== undefined,
  });
}

/** The features and permissions of an organization, with labels in the reader's language. */
export function useCatalogue(organizationId: string | undefined): UseQueryResult<ListFeaturesReply> {
  const { language } = useLanguage();
  return useQuery({
    queryKey: ['organization', organizationId, 'catalogue', language],
    queryFn: async ({ signal }) =>
      await latchkeyIn(organizationId ?? '').listFeatures({ locale: language }, { signal }),
    enabled: organizationId !== undefined,
    staleTime: 300_000,
  });
}

/** What the reader may administer. The server decides; this spares people what it would refuse them. */
export interface Held {
  people: boolean;
  activity: boolean;
  keys: boolean;
  /** Everything there is, the organization itself included. */
  everything: boolean;
  owner: boolean;
}

/** @returns undefined until it is known */
export function useHeld(organizationId: string | undefined): Held | undefined {
  const { data: me } = useMe(organizationId);
  const { data: catalogue } = useCatalogue(organizationId);
  return me && catalogue && heldBy(me, catalogue.administration);
}

function heldBy(me: GetMeReply, { members, activities, api_keys }: ListFeaturesReply['administration']): Held {
  const owner = me.member?.is_owner ?? false;
  const everything = owner || me.all_features_access;
  const holds = (name: string): boolean => {
    const [feature, permission = ''] = name.split(':');
    return (
      everything || me.privileges.some((held) => held.feature === feature && held.permissions.includes(permission))
    );
  };
  return { people: holds(members), activity: holds(activities), keys: holds(api_keys), everything, owner };
}
