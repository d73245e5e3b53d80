import { Alert, Text } from '@mantine/core';
import { useRead } from '../../api.ts';
import { InfoCircleIcon } from '../../components/icons.tsx';
import { useWords } from '../../words/words.tsx';

/** Free seats so few that it matters to whoever invites. */
const few = 2;

/** Says that the plan is nearly full, or too small for all who are invited. */
export function SeatsNotice({ inviting }: { inviting: number }) {
  const words = useWords().invite;
  const { data } = useRead(['account'], (latchkey, signal) => latchkey.getAccount({ signal }));
  if (!data || data.seats.limit === null) return null;
  const { used, limit } = data.seats;
  const left = Math.max(0, limit - used);
  if (left > few && inviting <= left) return null;
  return (
    <Alert color={left === 0 ? 'red' : 'yellow'} variant="light" icon={<InfoCircleIcon />}>
      <Text size="sm">
        {words.seats(used, limit)} {words.seatsLeft(left)}
      </Text>
    </Alert>
  );
}
