import { Button, type ButtonProps } from '@mantine/core';
import type { MouseEvent, ReactNode, RefObject } from 'react';

interface Resting extends ButtonProps {
  /** There is nothing for it to do, or it is under way already. */
  resting: boolean;
  onClick?: () => void;
  type?: 'submit';
  'aria-label'?: string;
  ref?: RefObject<HTMLButtonElement | null>;
  children: ReactNode;
}

/** A button that can rest without losing the focus: who pressed it is still there when it has gone wrong. */
export function RestingButton({ resting, onClick, ...rest }: Resting) {
  return (
    <Button
      {...rest}
      {...(resting && { 'data-disabled': true, 'aria-disabled': true })}
      onClick={(event: MouseEvent) => (resting ? event.preventDefault() : onClick?.())}
    />
  );
}
