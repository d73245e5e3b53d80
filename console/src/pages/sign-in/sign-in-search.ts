/** What the address of the sign-in page says. */
export interface SignInSearch {
  /** Where to go on to: an address within the console. */
  next?: string;
  /** Whether somebody was signed in until now. */
  ended?: boolean;
}

/** Takes from an address what the sign-in page understands, and passes over the rest. */
export function readSignInSearch({ next, ended }: Record<string, unknown>): SignInSearch {
  return {
    ...(typeof next === 'string' && isWithinConsole(next) && { next }),
    ...(ended === true && { ended }),
  };
}

/** No other site may be given as the place to go on to. */
const isWithinConsole = (address: string): boolean => /^\/(?![/\\])/.test(address) && !address.startsWith('/sign-in');
