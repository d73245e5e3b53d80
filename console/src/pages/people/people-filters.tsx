import { NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../../components/icons.tsx';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { HoldsSelect } from './holds-select.tsx';
import { useCounts } from './people.ts';
import classes from './people-filters.module.css';
import { isFiltered, type PeopleSearch, readPeopleSearch, type Sort, sorts, statuses } from './people-search.ts';

/** What is looked for, by the address of the page: it can be sent to somebody, and stays when the page is loaded again. */
export function PeopleFilters({ search }: { search: PeopleSearch }) {
  const { people: words } = useWords();
  const navigate = useNavigate({ from: '/o/$organizationId/people' });
  const change = (changed: { [name in keyof PeopleSearch]?: PeopleSearch[name] | undefined }): void =>
    void navigate({ search: (before) => readPeopleSearch({ ...before, ...changed }), replace: true });
  return (
    <div className={classes.filters}>
      <search className={classes.fields}>
        <SearchField value={search.search ?? ''} onSearch={(text) => change({ search: text })} />
        <HoldsSelect
          value={search.permission ?? search.feature}
          onChange={(name) =>
            change({
              permission: name?.includes(':') ? name : undefined,
              feature: name?.includes(':') ? undefined : name,
            })
          }
        />
        <NativeSelect
          aria-label={words.sort}
          value={search.sort ?? 'created'}
          data={sorts.map((sort) => ({ value: sort, label: words.sorts[sort] }))}
          onChange={({ currentTarget }) => change({ sort: currentTarget.value as Sort })}
        />
      </search>
      <StatusLinks search={search} />
    </div>
  );
}

function SearchField({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const { people: words } = useWords();
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const sendSoon = useDebouncedCallback((typed: string) => {
    sent.current = typed.trim();
    onSearch(typed.trim());
  }, 250);

  useEffect(() => {
    if (value === sent.current) return;
    // It came from elsewhere: a link that clears the filters, or the way back.
    sent.current = value;
    setText(value);
  }, [value]);

  return (
    <TextInput
      type="search"
      aria-label={words.search}
      placeholder={words.search}
      leftSection={<SearchIcon size={18} />}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        sendSoon(currentTarget.value);
      }}
      onKeyDown={({ key }) => key === 'Enter' && sendSoon.flush()}
    />
  );
}

/** Counts are those of the whole organization, so they stand there only while nothing else is looked for. */
function StatusLinks({ search }: { search: PeopleSearch }) {
  const { people: words } = useWords();
  const formats = useFormats();
  const { id } = useOrganization();
  const { data: counts } = useCounts();
  const { status, ...others } = search;
  const counted = isFiltered(others) ? undefined : counts;
  return (
    <nav aria-label={words.byStatus} className={classes.statuses}>
      <ul>
        {(['all', ...statuses] as const).map((one) => {
          const count = one === 'all' ? counted?.total : counted?.by_status[one];
          return (
            <li key={one}>
              <Link
                to="/o/$organizationId/people"
                params={{ organizationId: id }}
                search={one === 'all' ? others : { ...others, status: one }}
                activeOptions={{ exact: true, explicitUndefined: true }}
                aria-current={one === (status ?? 'all') ? 'page' : undefined}
                replace
                resetScroll={false}
                className={classes.status}
              >
                {words.statuses[one]}
                {count !== undefined && <span className={classes.count}>{formats.number(count)}</span>}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
