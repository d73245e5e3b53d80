import { Code, Group, Stack } from '@mantine/core';
import { useRead } from '../../api.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useCatalogue } from '../../held.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { PlanSection } from './plan-section.tsx';
import { ProfileSection } from './profile-section.tsx';

/** The organization itself: how it appears, its plan and its seats. */
export function OrganizationPage() {
  const words = useWords().organization;
  const account = useRead(['account'], (latchkey, signal) => latchkey.getAccount({ signal }));
  const catalogue = useCatalogue(useOrganization().id);
  return (
    <>
      <PageHeader title={words.title} lead={words.lead} />
      <Loaded query={account} skeleton={<PageSkeleton />}>
        {(reply) => (
          <Stack gap="lg" maw="48rem">
            <ProfileSection account={reply} />
            <PlanSection account={reply} catalogue={catalogue.data} />
            <Section title={words.identifier} hint={words.identifierHint}>
              <Group gap="sm">
                <Code>{reply.organization_id}</Code>
                <CopyButton text={reply.organization_id} />
              </Group>
            </Section>
            <ErrorNotice error={catalogue.error} onRetry={() => void catalogue.refetch()} />
          </Stack>
        )}
      </Loaded>
    </>
  );
}
