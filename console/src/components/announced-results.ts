import { useEffect, useRef } from 'react';
import { announce } from './announce.tsx';

/**
 * Says to who listens what a changed filter has come to. What the page begins with they read by themselves.
 * @param asked what is looked for, in any form that is another text for another question
 * @param result in words; undefined until it is known
 */
export function useAnnouncedResults(asked: string, result: string | undefined): void {
  const said = useRef(asked);
  useEffect(() => {
    if (result === undefined || said.current === asked) return;
    said.current = asked;
    announce(result);
  }, [asked, result]);
}
