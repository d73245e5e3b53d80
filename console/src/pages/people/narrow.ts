import { useMediaQuery } from '@mantine/hooks';

/** Whether there is no room for a table. */
export const useNarrow = (): boolean =>
  useMediaQuery('(max-width: 47.99em)', false, { getInitialValueInEffect: false });
