import type { Member } from '@latchkey/client';
import { Badge, Checkbox, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { CrownIcon } from '../../components/icons.tsx';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import { AccessInShort } from './access-in-short.tsx';
import { MemberState } from './member-state.tsx';
import { useNarrow } from './narrow.ts';
import classes from './people-list.module.css';
import type { Selection } from './selection.ts';

interface List {
  people: readonly Member[];
  selection: Selection;
  /** The list is that of the search before; the new one is on its way. */
  isOld: boolean;
}

/** People in a table, or as cards where there is no room for one. */
export function PeopleList(props: List) {
  return useNarrow() ? <Cards {...props} /> : <PeopleTable {...props} />;
}

function PeopleTable({ people, selection, isOld }: List) {
  const { people: words } = useWords();
  return (
    <Table className={classes.table} aria-busy={isOld} mod={{ old: isOld }}>
      <Table.Caption className={classes.caption}>
        <VisuallyHidden>{words.list}</VisuallyHidden>
      </Table.Caption>
      <Table.Thead>
        <Table.Tr>
          <Table.Th className={classes.check} scope="col">
            <SelectShown people={people} selection={selection} />
          </Table.Th>
          <Table.Th scope="col" className={classes.personColumn}>
            {words.person}
          </Table.Th>
          <Table.Th scope="col" className={classes.statusColumn}>
            {words.status}
          </Table.Th>
          <Table.Th scope="col">{words.access}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {people.map((person) => (
          <Row
            key={person.id}
            person={person}
            selected={selection.people.has(person.email)}
            onSelect={selection.select}
          />
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface Line {
  person: Member;
  selected: boolean;
  onSelect: Selection['select'];
}

// Rows that stay as they are need not be drawn again with each box that is ticked.
const Row = memo(({ person, selected, onSelect }: Line) => (
  <Table.Tr className={classes.row} mod={{ selected }}>
    <Table.Td className={classes.check}>
      <SelectBox person={person} selected={selected} onSelect={onSelect} />
    </Table.Td>
    <Table.Td>
      <Group gap="sm" wrap="nowrap">
        <Initials email={person.email} />
        <Person person={person} />
      </Group>
    </Table.Td>
    <Table.Td>
      <MemberState member={person} />
    </Table.Td>
    <Table.Td>
      <AccessInShort person={person} />
    </Table.Td>
  </Table.Tr>
));

function Cards({ people, selection, isOld }: List) {
  const { people: words } = useWords();
  return (
    <div aria-busy={isOld} data-old={isOld || undefined} className={classes.cards}>
      <SelectShown people={people} selection={selection} label={words.selectShown} />
      <ul aria-label={words.list}>
        {people.map((person) => (
          <Card
            key={person.id}
            person={person}
            selected={selection.people.has(person.email)}
            onSelect={selection.select}
          />
        ))}
      </ul>
    </div>
  );
}

const Card = memo(({ person, selected, onSelect }: Line) => (
  <li className={classes.card} data-selected={selected || undefined}>
    <Group gap="sm" wrap="nowrap" align="flex-start">
      <SelectBox person={person} selected={selected} onSelect={onSelect} />
      <div className={classes.about}>
        <Person person={person} />
        <MemberState member={person} />
        <AccessInShort person={person} />
      </div>
    </Group>
  </li>
));

function SelectShown({ people, selection, label }: Omit<List, 'isOld'> & { label?: string }) {
  const { people: words } = useWords();
  const selected = people.filter(({ email }) => selection.people.has(email)).length;
  const all = selected === people.length;
  return (
    <Checkbox
      label={label}
      aria-label={words.selectShown}
      checked={all}
      indeterminate={selected > 0 && !all}
      onChange={() => selection.select(people, !all)}
    />
  );
}

function SelectBox({ person, selected, onSelect }: Line) {
  return (
    <Checkbox
      aria-label={useWords().people.select(person.email)}
      checked={selected}
      onChange={() => onSelect([person], !selected)}
      className={classes.above}
    />
  );
}

function Person({ person: { email, is_owner } }: { person: Member }) {
  const { people: words } = useWords();
  const { id, email: own } = useOrganization();
  return (
    <Group gap={8} className={classes.person}>
      <Link
        to="/o/$organizationId/people/$email"
        params={{ organizationId: id, email }}
        className={classes.link}
        preload={false}
      >
        {email}
      </Link>
      {is_owner && (
        <Badge color="latchkey" leftSection={<CrownIcon size={14} />}>
          {words.owner}
        </Badge>
      )}
      {email === own && (
        <Text size="sm" c="dimmed" span>
          {words.you}
        </Text>
      )}
    </Group>
  );
}

/** Decoration: who listens hears the address, which says more. */
function Initials({ email }: { email: string }) {
  return (
    <span className={classes.initials} aria-hidden="true">
      {initialsOf(email)}
    </span>
  );
}

/** `AL` for ada.lovelace@example.com, `A` for ada@example.com. */
function initialsOf(email: string): string {
  const parts = email
    .slice(0, email.lastIndexOf('@'))
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  const first = (part: string | undefined): string => [...(part ?? '')][0] ?? '';
  return `${first(parts[0])}${parts.length > 1 ? first(parts.at(-1)) : ''}`.toUpperCase();
}
