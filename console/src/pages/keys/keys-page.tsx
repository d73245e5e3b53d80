import { Button } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead } from '../../api.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { KeyIcon, PlusIcon } from '../../components/icons.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { NoAccess } from '../../components/no-access.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { isRefusal } from '../../latchkey.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { CreateKey } from './create-key.tsx';
import { KeyList } from './key-list.tsx';
import { readKeysSearch } from './keys-search.ts';
import { type NewSecret, SecretDialog } from './secret-dialog.tsx';

/** The keys that programs use: what each may do, whose it is, and when it was last of use. */
export function KeysPage() {
  const { keys: words } = useWords();
  const { create } = readKeysSearch(useSearch({ from: '/signed-in/o/$organizationId/keys' }));
  const keys = useRead(['api-keys'], (latchkey, signal) => latchkey.listApiKeys({ signal }));
  // A key's secret is here, while its dialog is open, and nowhere else.
  const [secret, setSecret] = useState<NewSecret>();

  if (isRefusal(keys.error, 'permission_denied'))
    return (
      <>
        <PageHeader title={words.title} />
        <NoAccess title={words.notAllowed}>{words.notAllowedHint}</NoAccess>
      </>
    );
  return (
    <>
      {create ? (
        <CreateKey onCreated={setSecret} />
      ) : (
        <>
          <PageHeader title={words.title} lead={words.lead} actions={<CreateButton />} />
          <Loaded query={keys}>
            {({ api_keys }) =>
              api_keys.length > 0 ? (
                <KeyList keys={api_keys} onNewSecret={setSecret} />
              ) : (
                <EmptyState icon={KeyIcon} title={words.none} action={<CreateButton />}>
                  {words.noneHint}
                </EmptyState>
              )
            }
          </Loaded>
        </>
      )}
      <SecretDialog secret={secret} onKept={() => setSecret(undefined)} />
    </>
  );
}

function CreateButton() {
  const { keys: words } = useWords();
  const { id } = useOrganization();
  return (
    <Button
      leftSection={<PlusIcon size={18} />}
      renderRoot={(props) => (
        <Link to="/o/$organizationId/keys" params={{ organizationId: id }} search={{ create: true }} {...props} />
      )}
    >
      {words.create}
    </Button>
  );
}
