import type { Activity } from '@latchkey/client';
import { Text } from '@mantine/core';
import type { Formats } from '../formats.ts';
import { type Catalogue, inWords } from '../permissions/catalogue.ts';
import { differenceOf, type Grants } from '../permissions/grants.ts';
import type { AuditAction } from '../words/en/events.ts';
import { useFormats, useWords, type Words } from '../words/words.tsx';

/** What happened, in a sentence. A refused attempt says that somebody tried. */
export function EventInWords({ event }: { event: Activity }) {
  return eventInWords(useWords().events, event);
}

/** What else the event tells: what was gained and lost, how somebody signed in. Nothing where there is no more. */
export function EventDetails({ event, catalogue }: { event: Activity; catalogue: Catalogue | undefined }) {
  const { events } = useWords();
  const formats = useFormats();
  return detailsInWords(events, formats, event, catalogue).map((line) => (
    <Text key={line} size="sm" c="dimmed">
      {line}
    </Text>
  ));
}

/** `ada@example.com invited mei@example.com` */
export function eventInWords(words: Words['events'], event: Activity): string {
  const who = actorInWords(words, event);
  const action = actionWords(words, event.action);
  if (event.outcome === 'refused') return action ? action.tried(who) : words.otherTried(who, event.action);
  return action ? action.done(who, event.target.name ?? words.somebody) : words.otherDone(who, event.action);
}

/** An action as one of a list: `Person invited`. One that a newer server has and we do not know is named as it is. */
export const actionInWords = (words: Words['events'], action: string): string =>
  actionWords(words, action)?.name ?? action;

const actionWords = (
  { actions }: Words['events'],
  action: string,
): Words['events']['actions'][AuditAction] | undefined =>
  Object.hasOwn(actions, action) ? actions[action as AuditAction] : undefined;

/** Names are erased after a time, and what was done stays. */
export function actorInWords(words: Words['events'], { actor }: Activity): string {
  const name = actor.name ?? words.somebody;
  if (actor.kind === 'api_key') return words.byKey(name);
  return actor.kind === 'partner_key' ? words.byPartner(name) : name;
}

/** Each in a line of its own. What details hold depends on the action, and on the server's age: what is not understood is passed over. */
export function detailsInWords(
  words: Words['events'],
  formats: Formats,
  { action, outcome, details }: Activity,
  catalogue: Catalogue | undefined,
): string[] {
  // Of a passkey, or of a key.
  const name = details.name ?? details.key_name;
  const named = typeof name === 'string' && words.named(name);
  if (outcome === 'refused') return some(details.reason === 'signed_in_as_another' && words.otherSession, named);
  const granted = (grants: Grants): string => grantsInLine(words, formats, grants, catalogue);
  const moment = (value: unknown): string | undefined =>
    typeof value === 'string' ? formats.moment(value) : undefined;
  const own = grantsIn(details);
  switch (action as AuditAction) {
    case 'member.updated':
      return changes(words, formats, details, catalogue);
    case 'member.invited':
      return some(own && words.given(granted(own)), wordFor(words.againAfter, details.again_after));
    case 'member.revoked':
    case 'invitation.cancelled':
      return some(
        details.was !== undefined && details.was !== 'active' && action === 'member.revoked' && words.wasPending,
        own && words.had(granted(own)),
      );
    case 'invitation.resent':
      return some(wordFor(words.againAfter, details.was));
    case 'member.left':
      return some(details.was_owner === true && words.wasOwner);
    case 'member.signed_in':
      return some(wordFor(words.methods, details.method));
    case 'member.passkey_added':
    case 'member.passkey_removed':
    case 'api_key.adopted':
    case 'api_key.deleted':
    case 'partner_key.created':
    case 'partner_key.deleted':
      return some(named);
    case 'invitation.accepted':
    case 'invitation.declined':
      return some(details.link === 'revealed' && words.copiedLink);
    case 'organization.updated':
      return some(
        Array.isArray(details.fields) &&
          words.changedFields(formats.list(details.fields.map((name) => wordFor(words.fields, name) ?? `${name}`))),
      );
    case 'organization.created':
      return some(planIn(details, words.plan));
    case 'plan.changed':
      return some(planIn(details.after, words.plan), planIn(details.before, words.planBefore));
    case 'api_key.created': {
      const expires = moment(details.expires_at);
      const { allowed_ips: addresses } = details;
      return some(
        named,
        own && words.given(granted(own)),
        expires && words.expires(expires),
        typeof addresses === 'number' && addresses > 0 && words.addresses(addresses),
      );
    }
    case 'api_key.rotated':
    case 'partner_key.rotated':
      return some(
        named,
        typeof details.overlap_seconds === 'number' && words.overlap(Math.ceil(details.overlap_seconds / 60)),
      );
    default:
      return [];
  }
}

function changes(
  words: Words['events'],
  formats: Formats,
  { before, after, changed }: Activity['details'],
  catalogue: Catalogue | undefined,
): string[] {
  const [had, has] = [grantsIn(before), grantsIn(after)];
  if (had && has) return grantChanges(words, formats, had, has, catalogue);
  if (!Array.isArray(changed) || !isRecord(after)) return [];
  const ends = after.access_expires_at;
  return some(
    changed.includes('suspended') && (after.suspended === true ? words.suspended : words.resumed),
    changed.includes('access_expires_at') &&
      (typeof ends === 'string' ? words.ends(formats.moment(ends)) : words.endsNoMore),
    changed.includes('external_id') && words.externalId,
  );
}

function grantChanges(
  words: Words['events'],
  formats: Formats,
  before: Grants,
  after: Grants,
  catalogue: Catalogue | undefined,
): string[] {
  const { everything, gained, lost } = differenceOf(before, after);
  const list = (names: readonly string[]): string =>
    grantsInLine(words, formats, { everything: false, permissions: new Set(names) }, catalogue);
  return some(
    everything === 'gained' && words.gained(words.everything),
    everything === 'lost' && words.lost(words.everything),
    everything === 'lost' && words.given(grantsInLine(words, formats, after, catalogue)),
    gained.length > 0 && words.gained(list(gained)),
    lost.length > 0 && words.lost(list(lost)),
  );
}

/** `Contacts: view, export; Templates: edit` */
function grantsInLine(
  words: Words['events'],
  formats: Formats,
  grants: Grants,
  catalogue: Catalogue | undefined,
): string {
  if (grants.everything) return words.everything;
  if (grants.permissions.size === 0) return words.nothing;
  if (!catalogue) return formats.list([...grants.permissions]);
  return words.features(
    inWords(catalogue, grants.permissions).map(({ feature, permissions }) =>
      permissions.length > 0 ? words.inFeature(feature, formats.list(permissions)) : feature,
    ),
  );
}

function grantsIn(details: unknown): Grants | undefined {
  if (!isRecord(details) || !Array.isArray(details.permissions)) return undefined;
  const names = details.permissions.filter((name) => typeof name === 'string');
  return { everything: details.all_features_access === true, permissions: new Set(names) };
}

function planIn(details: unknown, say: (name: string, seats: number | null) => string): string | undefined {
  if (!isRecord(details) || typeof details.plan !== 'string') return undefined;
  return say(details.plan, typeof details.seats === 'number' ? details.seats : null);
}

const wordFor = (words: Readonly<Record<string, string>>, key: unknown): string | undefined =>
  typeof key === 'string' && Object.hasOwn(words, key) ? words[key] : undefined;

const some = (...lines: (string | false | undefined | '')[]): string[] =>
  lines.filter((line) => typeof line === 'string' && line !== '') as string[];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
