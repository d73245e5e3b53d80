/** Whom passkeys are for: the host of our pages (WebAuthn Level 3, §5.1.2: a passkey works on that host alone). */
export function relyingParty(origin: string): { id: string; name: string } {
  return { id: new URL(origin).hostname, name: 'Latchkey' };
}
