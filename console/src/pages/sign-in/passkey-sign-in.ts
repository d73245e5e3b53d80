import {
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  WebAuthnAbortService,
} from '@simplewebauthn/browser';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { personal } from '../../latchkey.ts';

/** Milliseconds after which the browser gets a new challenge to offer; the server forgets each after five minutes. */
const challengeAge = 240_000;

/** Why nobody was signed in: the person or the device did not go along, or the server refused. */
export type PasskeyFailure = 'not_used' | Error | undefined;

/**
 * Signs in with a passkey, by the button and, where the browser can, among what it offers for the address field.
 * @param offerInField whether there is such a field
 */
export function usePasskeySignIn({ offerInField, onSignedIn }: { offerInField: boolean; onSignedIn: () => void }) {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<PasskeyFailure>();
  const signedIn = useRef(onSignedIn);
  signedIn.current = onSignedIn;

  // A browser knows one request at a time, and the later one ends the earlier: nothing is offered while the button's goes on.
  // In the layout, since that is over before the button's request could be made.
  useLayoutEffect(() => {
    if (!offerInField || pending) return;
    let over = false;
    const offer = async () => {
      if (over || !(await browserSupportsWebAuthnAutofill())) return;
      const result = await signInOnce(true, () => !over);
      if (over || result === 'not_used') return;
      if (result === undefined) signedIn.current();
      else setFailure(result);
    };
    void offer();
    const renewal = setInterval(() => void offer(), challengeAge);
    return () => {
      over = true;
      clearInterval(renewal);
      WebAuthnAbortService.cancelCeremony();
    };
  }, [offerInField, pending]);

  // Whoever leaves the page does not want to be asked for a passkey any more.
  useEffect(() => () => WebAuthnAbortService.cancelCeremony(), []);

  const signIn = async () => {
    setPending(true);
    setFailure(undefined);
    const result = await signInOnce(false);
    setPending(false);
    if (result === undefined) signedIn.current();
    else setFailure(result);
  };
  return { signIn: () => void signIn(), pending, failure };
}

/**
 * @param isWanted asked when the server has answered, which may be too late
 * @returns undefined for somebody who is signed in now
 */
async function signInOnce(useBrowserAutofill: boolean, isWanted = () => true): Promise<PasskeyFailure> {
  try {
    const { options } = await personal.beginPasskeySignIn();
    if (!isWanted()) return 'not_used';
    const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
    const response = await startAuthentication({ optionsJSON, useBrowserAutofill }).catch(() => undefined);
    if (!response) return 'not_used';
    await personal.signInWithPasskey({ response: { ...response } });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
