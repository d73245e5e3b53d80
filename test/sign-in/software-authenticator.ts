import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What an authenticator, or the browser before it, gets wrong or says otherwise. */
export interface Differently {
  type?: string;
  challenge?: string;
  /** Of the page that asks. */
  origin?: string;
  rpId?: string;
  crossOrigin?: boolean;
  userPresent?: boolean;
  userVerified?: boolean;
  /** Kept by more than one device. */
  backedUp?: boolean;
  counter?: number;
  userHandle?: string;
  /** Signs with another key than the credential's. */
  signedBy?: KeyObject;
  /** Of the attestation, in CBOR’s terms. */
  attestation?: { fmt: string; statement: Cbor };
  /** COSE's number of what the key is said to sign with. */
  algorithm?: number;
}

type Options = Record<string, unknown>;

/** One credential of an authenticator, made and used as WebAuthn Level 3 says (§6), in software: ES256, no attestation. */
export interface SoftwarePasskey {
  id: string;
  /** What the browser answers when the passkey is made. */
  registration: Record<string, unknown>;
  /** What the browser answers to options for signing in. The counter goes up by one each time. */
  answer(options: Options, differently?: Differently): Record<string, unknown>;
  /** With the same key, and the counter as it is now. */
  copy(): SoftwarePasskey;
}

export const strangersKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** @param options for `navigator.credentials.create`, as the server gave them */
export function makePasskey(
  options: Options,
  origin: string,
  differently: Differently & { credentialId?: Buffer; counts?: boolean } = {},
): SoftwarePasskey {
  const { rp, user, challenge } = options as { rp: { id: string }; user: { id: string }; challenge: string };
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credentialId = differently.credentialId ?? randomBytes(32);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const cose = new Map<Cbor, Cbor>([
    [1, 2],
    [3, differently.algorithm ?? -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credentialId.length);
  const counter = differently.counter ?? 0;
  const clientDataJSON = clientData('webauthn.create', challenge, origin, differently);
  const authData = Buffer.concat([
    authenticatorData(rp.id, 0x40, counter, differently),
    Buffer.alloc(16),
    length,
    credentialId,
    cbor(cose),
  ]);
  const { fmt, statement } = differently.attestation ?? { fmt: 'none', statement: new Map() };
  const id = credentialId.toString('base64url');
  return {
    registration: {
      id,
      rawId: id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: { credProps: { rk: true } },
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        attestationObject: cbor(
          new Map<Cbor, Cbor>([
            ['fmt', fmt],
            ['attStmt', statement],
            ['authData', authData],
          ]),
        ).toString('base64url'),
        transports: ['internal', 'hybrid', 'telepathy'],
      },
    },
    ...credential({ id, userHandle: user.id, privateKey, origin, counts: differently.counts ?? true }, counter),
  };
}

interface Secret {
  id: string;
  userHandle: string;
  privateKey: KeyObject;
  origin: string;
  /** Some authenticators do not, and say 0 always. */
  counts: boolean;
}

function credential(secret: Secret, start: number): Omit<SoftwarePasskey, 'registration'> {
  let counter = start;
  return {
    id: secret.id,
    copy: () => ({ registration: {}, ...credential(secret, counter) }),
    answer(options, differently = {}) {
      if (secret.counts) counter += 1;
      const { rpId, challenge } = options as { rpId: string; challenge: string };
      const clientDataJSON = clientData('webauthn.get', challenge, secret.origin, differently);
      const data = authenticatorData(rpId, 0, differently.counter ?? counter, differently);
      const signed = Buffer.concat([data, createHash('sha256').update(clientDataJSON).digest()]);
      return {
        id: secret.id,
        rawId: secret.id,
        type: 'public-key',
        authenticatorAttachment: 'platform',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientDataJSON.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: sign('sha256', signed, differently.signedBy ?? secret.privateKey).toString('base64url'),
          userHandle: differently.userHandle ?? secret.userHandle,
        },
      };
    },
  };
}

/** What the browser adds, which the page cannot choose (§5.8.1). */
const clientData = (type: string, challenge: string, origin: string, differently: Differently): Buffer =>
  Buffer.from(
    JSON.stringify({
      type: differently.type ?? type,
      challenge: differently.challenge ?? challenge,
      origin: differently.origin ?? origin,
      crossOrigin: differently.crossOrigin ?? false,
    }),
  );

/** §6.1: whom it is for, what was made sure of, and how often it was used. */
function authenticatorData(rpId: string, flags: number, counter: number, differently: Differently): Buffer {
  const { userPresent = true, userVerified = true, backedUp = false } = differently;
  const all = flags | (userPresent ? 0x01 : 0) | (userVerified ? 0x04 : 0) | (backedUp ? 0x18 : 0);
  const rest = Buffer.alloc(5);
  rest.writeUInt8(all, 0);
  rest.writeUInt32BE(counter, 1);
  return Buffer.concat([
    createHash('sha256')
      .update(differently.rpId ?? rpId)
      .digest(),
    rest,
  ]);
}

export type Cbor = number | string | Buffer | Cbor[] | Map<Cbor, Cbor>;

/** As much of RFC 8949 as authenticators need. */
export function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.concat([head(5, value.size), ...[...value].flat().map(cbor)]);
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  if (argument < 256) return Buffer.from([(major << 5) | 24, argument]);
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 255]);
}
