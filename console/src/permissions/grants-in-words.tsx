import { List, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useFormats, useWords } from '../words/words.tsx';
import { type Catalogue, inWords } from './catalogue.ts';
import { type Difference, type Grants, isNothing } from './grants.ts';
import classes from './grants-in-words.module.css';

/** What somebody is given, in words. */
export function GrantsInWords({ grants, catalogue }: { grants: Grants; catalogue: Catalogue }) {
  const words = useWords().permissions;
  if (grants.everything) return <Text size="sm">{words.everything}</Text>;
  if (isNothing(grants))
    return (
      <Text size="sm" c="dimmed">
        {words.none}
      </Text>
    );
  return <PermissionsInWords names={grants.permissions} catalogue={catalogue} />;
}

/** What changes for somebody: what they gain, what they lose. Nothing where nothing does. */
export function DifferenceInWords({ difference, catalogue }: { difference: Difference; catalogue: Catalogue }) {
  const words = useWords().permissions;
  const { everything, gained, lost, kept } = difference;
  return (
    <>
      {(everything === 'gained' || gained.length > 0) && (
        <Part tone="gained" heading={words.gains}>
          {everything === 'gained' && <Text size="sm">{words.everythingGained}</Text>}
          <PermissionsInWords names={gained} catalogue={catalogue} />
        </Part>
      )}
      {(everything === 'lost' || lost.length > 0) && (
        <Part tone="lost" heading={words.loses}>
          {everything === 'lost' && <Text size="sm">{words.everythingGained}</Text>}
          <PermissionsInWords names={lost} catalogue={catalogue} />
        </Part>
      )}
      {everything === 'lost' && (
        <Part tone="kept" heading={words.keeps}>
          <GrantsInWords grants={{ everything: false, permissions: new Set(kept) }} catalogue={catalogue} />
        </Part>
      )}
    </>
  );
}

function Part({ tone, heading, children }: { tone: 'gained' | 'lost' | 'kept'; heading: string; children: ReactNode }) {
  return (
    <div className={classes.part} data-tone={tone}>
      <Text fw={600} size="sm" className={classes.heading}>
        {heading}
      </Text>
      {children}
    </div>
  );
}

function PermissionsInWords({ names, catalogue }: { names: Iterable<string>; catalogue: Catalogue }) {
  const words = useWords().permissions;
  const formats = useFormats();
  const features = inWords(catalogue, names);
  if (features.length === 0) return null;
  return (
    <List size="sm" spacing={2} listStyleType="none" className={classes.list}>
      {features.map(({ feature, permissions }) => (
        <List.Item key={feature}>
          <b>{feature}</b>
          {permissions.length > 0 && `${words.colon}${formats.list(permissions)}`}
        </List.Item>
      ))}
    </List>
  );
}
