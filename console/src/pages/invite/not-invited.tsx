import { Alert, Anchor, Button, Group, List, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { AlertTriangleIcon } from '../../components/icons.tsx';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import type { Address } from './addresses.ts';
import { type Result, refusalInWords } from './offer.ts';

/** Every address that will not be invited, why, and what to do about it. */
export function NotInvited(props: {
  addresses: readonly Address[];
  rehearsal: ReadonlyMap<string, Result> | undefined;
  onCorrect: (address: Address) => void;
}) {
  const { addresses, rehearsal, onCorrect } = props;
  const { invite: words, problems } = useWords();
  const faulty = addresses.flatMap((address) => ('fault' in address ? [address] : []));
  const results = addresses.flatMap((address) => ('email' in address ? (rehearsal?.get(address.email) ?? []) : []));
  const refused = results.filter(({ outcome }) => outcome === 'refused');
  const unchanged = results.filter(({ outcome }) => outcome === 'unchanged');
  if (faulty.length + refused.length + unchanged.length === 0) return null;
  return (
    <Alert color="yellow" variant="light" mt="md" icon={<AlertTriangleIcon />} title={words.attention}>
      <List size="sm" spacing="xs" listStyleType="none">
        {faulty.map((address) => (
          <List.Item key={address.written}>
            <Group gap="xs" wrap="wrap">
              <Written>{address.written}</Written>
              <Text size="sm">{words.faults[address.fault]}</Text>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={words.correctNamed(address.written)}
                onClick={() => onCorrect(address)}
              >
                {words.correct}
              </Button>
            </Group>
          </List.Item>
        ))}
        {refused.map(({ email, error }) => (
          <List.Item key={email}>
            <Written>{email}</Written> {refusalInWords(problems, error, words.reasons)}{' '}
            {error?.code === 'duplicate_parameter' && <SeeMember email={email} />}
          </List.Item>
        ))}
        {unchanged.map(({ email }) => (
          <List.Item key={email}>
            <Written>{email}</Written> {words.alreadyInvited}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

function Written({ children }: { children: string }) {
  return (
    <Text span fw={600} size="sm" style={{ overflowWrap: 'anywhere' }}>
      {children}
    </Text>
  );
}

export function SeeMember({ email }: { email: string }) {
  const { id } = useOrganization();
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => (
        <Link to="/o/$organizationId/people/$email" params={{ organizationId: id, email }} {...props} />
      )}
    >
      {useWords().invite.seeMember}
    </Anchor>
  );
}
