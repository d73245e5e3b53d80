import { useMediaQuery } from '@mantine/hooks';

/** Whether there is no room for a table; or, with a width in em, for what needs that much. */
export const useNarrow = (needs = 48): boolean =>
  useMediaQuery(`(max-width: ${needs - 0.01}em)`, false, { getInitialValueInEffect: false });
