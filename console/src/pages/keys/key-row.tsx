import { ActionIcon, Anchor, Code, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';
import { ChevronRightIcon, CrownIcon, DotsIcon, RotateIcon, TrashIcon } from '../../components/icons.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { When } from '../../components/when.tsx';
import { useHeld } from '../../held.ts';
import { type Catalogue, inWords } from '../../permissions/catalogue.ts';
import { GrantsInWords } from '../../permissions/grants-in-words.tsx';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { type ApiKey, endOf, grantsOf } from './api-key.ts';
import type { KeyTask } from './key-dialogs.tsx';
import classes from './keys.module.css';

interface Row {
  apiKey: ApiKey;
  catalogue: Catalogue | undefined;
  /** It holds more than the reader, who can therefore not change it. */
  barred: boolean;
  onTask: (kind: KeyTask['kind']) => void;
}

export function KeyRow({ apiKey, catalogue, barred, onTask }: Row) {
  const { keys: words } = useWords();
  const { name, hint, allowed_ips: addresses, created_at: createdAt, last_used_at: usedAt } = apiKey;
  return (
    <li className={classes.key}>
      <div className={classes.head}>
        <Group gap={8} className={classes.name}>
          <Text fw={600}>{name}</Text>
          <Code>{hint}</Code>
          <EndBadge apiKey={apiKey} />
        </Group>
        <Actions apiKey={apiKey} barred={barred} onTask={onTask} />
      </div>
      <div className={classes.facts}>
        <Fact>
          <Whose apiKey={apiKey} />
        </Fact>
        <Fact>
          {usedAt === null ? (
            words.neverUsed
          ) : (
            <>
              {words.lastUsed} <When date={usedAt} />
            </>
          )}
          {' · '}
          {words.made} <When date={createdAt} />
          <End apiKey={apiKey} />
        </Fact>
        <Fact>{addresses.length === 0 ? words.fromAnywhere : words.onlyFrom(addresses.join(', '))}</Fact>
        {barred && <Fact>{words.barred}</Fact>}
      </div>
      <May apiKey={apiKey} catalogue={catalogue} />
    </li>
  );
}

const Fact = ({ children }: { children: ReactNode }) => (
  <Text size="sm" c="dimmed">
    {children}
  </Text>
);

function EndBadge({ apiKey }: { apiKey: ApiKey }) {
  const { keys: words } = useWords();
  const end = endOf(apiKey);
  if (end === 'expired') return <StatusBadge tone="bad">{words.expired}</StatusBadge>;
  return end === 'soon' && <StatusBadge tone="waiting">{words.expiresSoon}</StatusBadge>;
}

function End({ apiKey }: { apiKey: ApiKey }) {
  const { keys: words } = useWords();
  const formats = useFormats();
  const { expires_at: expiresAt } = apiKey;
  if (expiresAt === null) return ` · ${words.neverExpires}`;
  return (
    <>
      {' · '}
      <time dateTime={expiresAt} title={formats.moment(expiresAt)}>
        {endOf(apiKey) === 'expired'
          ? words.expiredOn(formats.date(expiresAt))
          : words.expires(formats.date(expiresAt), formats.relative(expiresAt))}
      </time>
    </>
  );
}

function Whose({ apiKey: { member, bound } }: { apiKey: ApiKey }) {
  const { keys: words } = useWords();
  const { id } = useOrganization();
  const held = useHeld(id);
  if (!member) return words.ofPartner;
  const { email } = member;
  return (
    <>
      {words.belongsTo}{' '}
      {held?.people ? (
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link
              to="/o/$organizationId/people/$email"
              params={{ organizationId: id, email }}
              preload={false}
              {...props}
            />
          )}
        >
          {email}
        </Anchor>
      ) : (
        email
      )}
      {' · '}
      {bound ? words.bound : words.byItself}
    </>
  );
}

/** What the key may do: its features in a line, and all of it when opened. */
function May({ apiKey, catalogue }: Pick<Row, 'apiKey' | 'catalogue'>) {
  const { keys: words, permissions } = useWords();
  const formats = useFormats();
  const [open, setOpen] = useState(false);
  const id = useId();
  if (!catalogue) return null;
  const grants = grantsOf(apiKey);
  if (grants.everything) return <Text size="sm">{words.may(permissions.everything)}</Text>;
  const features = inWords(catalogue, grants.permissions).map(({ feature }) => feature);
  return (
    <div>
      <UnstyledButton className={classes.may} aria-expanded={open} aria-controls={id} onClick={() => setOpen(!open)}>
        <ChevronRightIcon size={16} />
        <span>{words.may(features.length > 0 ? formats.list(features) : permissions.none)}</span>
      </UnstyledButton>
      <div id={id} hidden={!open} className={classes.grants}>
        {open && <GrantsInWords grants={grants} catalogue={catalogue} />}
      </div>
    </div>
  );
}

function Actions({ apiKey, barred, onTask }: Omit<Row, 'catalogue'>) {
  const { keys: words } = useWords();
  const { is_owner: isOwner, email } = useOrganization();
  const own = apiKey.member?.email === email && !apiKey.bound;
  return (
    <Menu position="bottom-end" width={240} withinPortal={false}>
      <Menu.Target>
        <ActionIcon
          data-actions-of={apiKey.id}
          variant="default"
          size="lg"
          aria-label={words.actionsFor(apiKey.name)}
          className={classes.actions}
        >
          <DotsIcon size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {barred && <Menu.Label>{words.barred}</Menu.Label>}
        <Menu.Item leftSection={<RotateIcon size={18} />} disabled={barred} onClick={() => onTask('rotate')}>
          {words.rotate}
        </Menu.Item>
        {isOwner && !own && (
          <Menu.Item leftSection={<CrownIcon size={18} />} onClick={() => onTask('adopt')}>
            {words.adopt}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<TrashIcon size={18} />}
          c="var(--mantine-color-error)"
          disabled={barred}
          onClick={() => onTask('delete')}
        >
          {words.delete}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
