import fc from 'fast-check';
import type { Credential, Offer, Request } from './requests.ts';
import { linksOf, type State } from './state.ts';

/** The people there are, besides strangers who were never invited. */
export const cast = {
  founder: 'fay@example.org',
  owner: 'ada@example.org',
  secondOwner: 'ben@example.org',
  administrator: 'mei@example.org',
  weaker: 'tomas@example.org',
  powerless: 'noor@example.org',
} as const;
const strangers = ['lena@example.org', 'ravi@example.org', 'sam@example.org'] as const;

/** A request before it is known who has which link and which key: what fast-check makes up, and shrinks. */
type Intent =
  | { do: 'send' | 'update'; by: Asker; email: string; offer: Offer }
  | { do: 'resend' | 'cancel' | 'revoke' | 'give'; by: Asker; email: string }
  | { do: 'stepDown' | 'leave'; by: Asker }
  | { do: 'accept' | 'decline'; email: string; linksBack: number }
  | { do: 'createKey'; by: Asker; offer: Offer }
  | { do: 'deleteKey'; by: Asker; key: Asker }
  | { do: 'rotateKey'; by: Asker; key: Asker; overlap: number }
  | { do: 'changePlan'; plan: 'full' | 'small'; seats: number | null }
  | { do: 'expire'; email: string }
  | { do: 'wait' };

/** One of the named keys, or the so-manieth of those that were made on the way. */
type Asker = string | number;

const often = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

const asker: fc.Arbitrary<Asker> = fc.oneof(
  often(3, fc.constantFrom('owner', 'secondOwner')),
  often(4, fc.constantFrom('administrator', 'administrator', 'weaker', 'weaker', 'powerless')),
  often(1, fc.constant('partner')),
  often(3, fc.nat(2)),
);
const anybody = fc.constantFrom(...strangers, ...Object.values(cast));
const invitee = fc.oneof(often(8, fc.constantFrom(...strangers)), often(1, anybody));
const offer: fc.Arbitrary<Offer> = fc.oneof(
  often(6, fc.constant({ everything: false, privileges: { contacts: ['view'] } })),
  often(3, fc.constant({ everything: false, privileges: { contacts: ['view', 'export'] } })),
  often(2, fc.constant({ everything: false, privileges: { contacts: [], deals: ['view'] } })),
  often(2, fc.constant({ everything: false, privileges: { user_management: ['all'], contacts: ['view'] } })),
  often(3, fc.constant({ everything: false, privileges: { user_management: [] } })),
  often(1, fc.constant({ everything: false, privileges: {} })),
  often(3, fc.constant({ everything: true, privileges: {} })),
);
const linksBack = fc.oneof(often(4, fc.constant(0)), often(1, fc.nat(3)));
const overlap = fc.constantFrom(0, 3600);
const plan = fc.constantFrom('full' as const, 'small' as const);
const seats = fc.constantFrom(null, 5, 6, 8);

/** `by` and whatever else a kind of intent needs. */
const made = <K extends Intent['do'], R extends object>(kind: K, rest: { [P in keyof R]: fc.Arbitrary<R[P]> }) =>
  fc.record(rest).map((values) => ({ do: kind, ...values }) as unknown as Intent);

const kinds: Record<Intent['do'], { weight: number; arbitrary: fc.Arbitrary<Intent> }> = {
  send: often(9, made('send', { by: asker, email: invitee, offer })),
  update: often(4, made('update', { by: asker, email: anybody, offer })),
  resend: often(3, made('resend', { by: asker, email: invitee })),
  cancel: often(2, made('cancel', { by: asker, email: invitee })),
  revoke: often(2, made('revoke', { by: asker, email: anybody })),
  give: often(1, made('give', { by: asker, email: anybody })),
  stepDown: often(1, made('stepDown', { by: asker })),
  leave: often(1, made('leave', { by: asker })),
  accept: often(8, made('accept', { email: invitee, linksBack })),
  decline: often(2, made('decline', { email: invitee, linksBack })),
  createKey: often(2, made('createKey', { by: asker, offer })),
  deleteKey: often(2, made('deleteKey', { by: asker, key: asker })),
  rotateKey: often(1, made('rotateKey', { by: asker, key: asker, overlap })),
  changePlan: often(1, made('changePlan', { plan, seats })),
  expire: often(1, made('expire', { email: invitee })),
  wait: often(1, made('wait', {})),
};

export type { Intent };

/** Anything that can happen, the more often the more it leads to. */
export const intent = (kindsLeftOut: Intent['do'][] = []): fc.Arbitrary<Intent> =>
  fc.oneof(
    ...Object.entries(kinds).flatMap(([kind, arbitrary]) =>
      kindsLeftOut.includes(kind as Intent['do']) ? [] : [arbitrary],
    ),
  );

/**
 * What an intent comes to in a state; undefined where nothing does: a link to accept that was never sent.
 * @param serial tells apart what is made in the same state: the names of new keys and secrets
 */
export function resolve(state: State, intent: Intent, serial: number): Request | undefined {
  switch (intent.do) {
    case 'accept':
    case 'decline': {
      const link = linksOf(state, intent.email).at(-1 - intent.linksBack);
      return link && { do: intent.do, link };
    }
    case 'createKey':
      return { ...intent, by: credentialOf(state, intent.by), key: `made-${serial}` };
    case 'deleteKey':
      return { ...intent, by: credentialOf(state, intent.by), key: keyOf(state, intent.key) };
    case 'rotateKey': {
      const key = keyOf(state, intent.key);
      return { ...intent, by: credentialOf(state, intent.by), key, secret: `${key}-${serial}` };
    }
    case 'changePlan':
    case 'expire':
    case 'wait':
      return intent;
    default:
      return { ...intent, by: credentialOf(state, intent.by) };
  }
}

function credentialOf(state: State, asker: Asker): Credential {
  const key = asker === 'partner' ? asker : keyOf(state, asker);
  return { key, secret: state.keys[key]?.secrets.at(-1) ?? key };
}

function keyOf(state: State, asker: Asker): string {
  if (typeof asker === 'string') return asker === 'partner' ? 'owner' : asker;
  const made = Object.keys(state.keys).filter((name) => name.startsWith('made-'));
  return made.at(-1 - asker) ?? 'owner';
}

/** A request in a line, as it stands in a report of a failure. */
export function shown(request: Request): string {
  const parts = Object.entries(request).map(([name, value]) => {
    if (name === 'do') return String(value);
    if (name === 'by') return `by ${(value as Credential).key}`;
    return typeof value === 'object' ? JSON.stringify(value) : `${name} ${value}`;
  });
  return parts.join(' ');
}
