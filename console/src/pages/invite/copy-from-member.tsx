import { Alert, Loader, Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useRead } from '../../api.ts';
import { announce } from '../../components/announce.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { SearchIcon } from '../../components/icons.tsx';
import { latchkeyIn } from '../../latchkey.ts';
import type { Catalogue } from '../../permissions/catalogue.ts';
import { type Grants, grantsOf } from '../../permissions/grants.ts';
import { GrantsInWords } from '../../permissions/grants-in-words.tsx';
import { givable, type Limits } from '../../permissions/limits.ts';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';

/** Takes what another member was given as a start. What the reader cannot give is left out, and named. */
export function CopyFromMember(props: { catalogue: Catalogue; limits: Limits; onCopy: (grants: Grants) => void }) {
  const { catalogue, limits, onCopy } = props;
  const words = useWords().invite;
  const { id } = useOrganization();
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [asked] = useDebouncedValue(search.trim(), 250);
  const found = useRead(['members', 'found', asked], (latchkey, signal) =>
    latchkey.listMembers({ limit: 20, ...(asked && { search: asked }) }, { signal }),
  );
  const copy = useMutation({
    mutationFn: async (email: string) => grantsOf(await latchkeyIn(id).getMemberPermissions({ email })),
  });
  const leftOut = copy.data && withoutGivable(copy.data, limits);
  const addresses = [...new Set([...(chosen ? [chosen] : []), ...(found.data?.users.map(({ email }) => email) ?? [])])];

  const choose = (email: string | null) => {
    setChosen(email);
    if (email === null) return copy.reset();
    copy.mutate(email, {
      onSuccess: (grants) => {
        onCopy(givable(grants, limits));
        announce(words.copied(email));
      },
    });
  };

  return (
    <div>
      <Select
        label={words.startFrom}
        description={words.startFromHint}
        data={addresses}
        value={chosen}
        onChange={choose}
        searchable
        clearable
        searchValue={search}
        onSearchChange={setSearch}
        nothingFoundMessage={found.isFetching ? '…' : words.nobodyFound}
        // The server has searched already.
        filter={({ options }) => options}
        leftSection={<SearchIcon size={16} />}
        rightSection={copy.isPending ? <Loader size={16} /> : undefined}
        maw={480}
      />
      <ErrorNotice error={copy.error} />
      {leftOut && (
        <Alert mt="sm" color="yellow" variant="light">
          <Text size="sm" fw={600}>
            {words.leftOut}
          </Text>
          <GrantsInWords grants={leftOut} catalogue={catalogue} />
        </Alert>
      )}
    </div>
  );
}

function withoutGivable(grants: Grants, limits: Limits): Grants | undefined {
  const given = givable(grants, limits);
  const left = {
    everything: grants.everything && !given.everything,
    permissions: given.everything ? new Set<string>() : grants.permissions.difference(given.permissions),
  };
  return left.everything || left.permissions.size > 0 ? left : undefined;
}
