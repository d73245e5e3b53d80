import { Alert, Stack, Text } from '@mantine/core';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useCatalogue, useMe } from '../../held.ts';
import { isRefusal } from '../../latchkey.ts';
import { permissionsOf } from '../../permissions/grants.ts';
import { GrantsInWords } from '../../permissions/grants-in-words.tsx';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { Departure } from './departure.tsx';

/** What the reader may do here, and the ways out. */
export function OwnAccessPage() {
  const words = useWords().ownAccess;
  const formats = useFormats();
  const { id, name } = useOrganization();
  const me = useMe(id);
  const catalogue = useCatalogue(id);
  // Whoever is a member and may not even ask what they hold has been suspended, or their time is over.
  if (isRefusal(me.error, 'permission_denied'))
    return (
      <>
        <PageHeader title={words.title} />
        <EmptyState title={words.suspended}>{words.suspendedHint}</EmptyState>
      </>
    );
  return (
    <>
      <PageHeader title={words.title} lead={words.lead(name)} />
      <Loaded query={me} skeleton={<PageSkeleton />}>
        {({ member, all_features_access: everything, privileges }) => (
          <Stack gap="lg" maw="48rem">
            {member?.access_expires_at && (
              <Alert color="yellow">{words.until(formats.moment(member.access_expires_at))}</Alert>
            )}
            <Section title={words.permissions} hint={words.permissionsHint}>
              {member?.is_owner ? (
                <Text mb="sm">{words.owner}</Text>
              ) : (
                everything && <Text mb="sm">{words.everything}</Text>
              )}
              {privileges.length === 0 ? (
                <EmptyState title={words.nothing}>{words.nothingHint}</EmptyState>
              ) : (
                <Loaded query={catalogue}>
                  {(known) => (
                    <GrantsInWords
                      grants={{ everything: false, permissions: permissionsOf(privileges) }}
                      catalogue={known}
                    />
                  )}
                </Loaded>
              )}
            </Section>
            <Departure owner={member?.is_owner ?? false} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}
