import { LatchkeyError } from '@latchkey/client';
import { Alert, Button, Text } from '@mantine/core';
import { problemInWords, type ReasonWords } from '../problem-words.ts';
import { useWords } from '../words/words.tsx';
import { AlertTriangleIcon } from './icons.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/**
 * What went wrong, next to what caused it; it is read out when it appears. Nothing where there is no error. Where it was a
 * sign-in of some time ago, there is a way to sign in again.
 * @param reasons what this page says of reasons that it knows
 */
export function ErrorNotice(props: { error: unknown; reasons?: ReasonWords; onRetry?: () => void }) {
  const { error, reasons, onRetry } = props;
  const { common, problems } = useWords();
  if (!error) return null;
  if (error instanceof LatchkeyError && error.reason === 'sign_in_again') return <SignInAgain />;
  const requestId = error instanceof LatchkeyError && error.code === 'internal_error' ? error.requestId : undefined;
  return (
    <Alert color="red" variant="light" icon={<AlertTriangleIcon />} role="alert">
      <Text size="sm">{problemInWords(problems, error, reasons)}</Text>
      {requestId && (
        <Text size="sm" mt={4}>
          {problems.requestId(requestId)}
        </Text>
      )}
      {onRetry && (
        <Button variant="default" size="xs" mt="sm" onClick={onRetry}>
          {common.retry}
        </Button>
      )}
    </Alert>
  );
}
