import { problem } from '@latchkey/core/problem.ts';

/** Characters, well beyond what authenticators send. The standard ends a credential's id at 1023 bytes. */
const longest = {
  id: 1364,
  clientDataJSON: 8000,
  attestationObject: 40_000,
  authenticatorData: 8000,
  signature: 8000,
  userHandle: 100,
};
type Part = Exclude<keyof typeof longest, 'id'>;

/** What a browser answered, in form; whether it is right is for the checks that follow. */
export interface PasskeyAnswer<P extends Part> {
  /** The credential's, in base64url. */
  id: string;
  challenge: Buffer;
  /** Whether the page that asked stood in a page of others. */
  crossOrigin: boolean;
  /** In base64url. */
  parts: Record<P | 'clientDataJSON', string>;
  transports: string[];
}

const knownTransports = ['usb', 'nfc', 'ble', 'smart-card', 'hybrid', 'internal', 'cable'];

/**
 * Reads the JSON form of an answer (WebAuthn Level 3, §5.1, `RegistrationResponseJSON` and `AuthenticationResponseJSON`).
 * Members that are not needed may be anything: browsers add to them.
 * @throws Problem `invalid_parameter` with the path of what is not as the standard says
 */
export function readPasskeyAnswer<P extends Part>(answer: unknown, needed: readonly P[]): PasskeyAnswer<P> {
  const id = base64url(answer, 'response', 'id');
  if (ownMember(answer, 'rawId') !== id) throw malformed('response.rawId', 'the same as the id');
  if (ownMember(answer, 'type') !== 'public-key') throw malformed('response.type', '“public-key”');
  const response = ownMember(answer, 'response');
  const names = ['clientDataJSON', ...needed] as const;
  const parts = Object.fromEntries(names.map((name) => [name, base64url(response, 'response.response', name)]));
  return {
    id,
    ...readClientData(parts.clientDataJSON ?? ''),
    parts: parts as PasskeyAnswer<P>['parts'],
    transports: readTransports(ownMember(response, 'transports')),
  };
}

function readClientData(encoded: string): { challenge: Buffer; crossOrigin: boolean } {
  const data = parsed(Buffer.from(encoded, 'base64url').toString('utf8'));
  const challenge = ownMember(data, 'challenge');
  if (typeof challenge !== 'string') throw malformed('response.response.clientDataJSON', 'JSON with a challenge');
  return { challenge: Buffer.from(challenge, 'base64url'), crossOrigin: ownMember(data, 'crossOrigin') === true };
}

/** Only hints for the browser, so that what we do not know is left out rather than refused. */
const readTransports = (value: unknown): string[] =>
  Array.isArray(value) ? knownTransports.filter((transport) => value.includes(transport)) : [];

function base64url(object: unknown, path: string, name: keyof typeof longest): string {
  const value = ownMember(object, name);
  if (typeof value === 'string' && value.length <= longest[name] && /^[A-Za-z0-9_-]+$/.test(value)) return value;
  throw malformed(`${path}.${name}`, `base64url text of at most ${longest[name]} characters`);
}

const ownMember = (object: unknown, name: string): unknown =>
  typeof object === 'object' && object !== null && Object.hasOwn(object, name)
    ? (object as Record<string, unknown>)[name]
    : undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const malformed = (path: string, expected: string) =>
  problem('invalid_parameter', path, 'invalid_format', `${path} must be ${expected}, as browsers answer it.`);
