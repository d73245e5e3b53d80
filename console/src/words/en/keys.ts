import { counting } from '../counting.ts';

const count = counting('en');

export const keys = {
  title: 'API keys',
  lead: 'With a key a program does what people do here. Give each program its own, with what it needs and no more.',
  create: 'Create a key',
  find: 'Find by name, ending or address',
  none: 'No keys yet',
  noneHint: 'Create one for each program that invites people or asks what they may do.',
  found: (found: number) => `${count(found, { one: 'key', other: 'keys' })} found.`,
  noneFound: 'No key has these words',
  notAllowed: 'You may not manage API keys',
  notAllowedHint: 'Whoever manages people here can give you this permission.',
  expired: 'Expired',
  expiresSoon: 'Expires soon',
  expiredOn: (when: string) => `expired on ${when}`,
  expires: (when: string, distance: string) => `expires on ${when}, ${distance}`,
  neverExpires: 'never expires',
  lastUsed: 'Last used',
  neverUsed: 'Never used',
  made: 'created',
  fromAnywhere: 'From any address',
  onlyFrom: (addresses: string) => `Only from ${addresses}`,
  belongsTo: 'Belongs to',
  bound: 'never does more than they may at that moment',
  byItself: 'stands by itself, whatever becomes of them',
  ofPartner: 'Made by a partner; belongs to no member, and stands by itself',
  barred: 'It may do more than you may, so you cannot change it.',
  may: (what: string) => `May: ${what}`,
  actionsFor: (name: string) => `Actions for the key ${name}`,
  rotate: 'New secret…',
  adopt: 'Take it over…',
  delete: 'Delete…',

  rotateTitle: 'Give this key a new secret?',
  rotateMeaning: (name: string) =>
    `“${name}” stays the same key, with all that it may do. Put the new secret in the program’s settings before the old one ends.`,
  overlap: 'The old secret works for another',
  overlapHint: 'Choose “not at all” where somebody else may have seen it.',
  overlaps: { now: 'not at all: it ends at once', hour: 'hour', day: 'day', week: 'week' },
  rotateConfirm: 'Make a new secret',

  adoptTitle: 'Take this key over?',
  adoptMeaning: (name: string, email: string | undefined) =>
    email === undefined
      ? `“${name}” then belongs to you. It stands by itself, and keeps working as it is.`
      : `“${name}” then belongs to you instead of ${email}. It stands by itself: it keeps working also when they lose access or leave.`,
  adoptConfirm: 'Take it over',
  adopted: (name: string) => `“${name}” belongs to you now.`,

  deleteTitle: 'Delete this key?',
  deleteMeaning: (name: string, hint: string) =>
    `Whatever uses “${name}” (${hint}) is refused from its next request on. A deleted key does not come back.`,
  inUse: (when: string) => `It is in use: last ${when}. A program will stop working.`,
  deleteLastUsed: (when: string) => `It was last used on ${when}.`,
  deleteNeverUsed: 'It was never used.',
  deleteConfirm: 'Delete the key',
  deleted: (name: string) => `“${name}” was deleted.`,

  back: 'All keys',
  standsByItself: 'It will belong to you and stand by itself: it keeps working as it is, whatever becomes of you.',
  actsWithin: 'It will belong to you and never do more than you may: what you lose, it loses.',
  name: 'Name',
  nameHint: 'What the key is for: the program, and where it runs.',
  nameMissing: 'Give the key a name, such as “Billing, production”.',
  nameRefused: 'A name has 1 to 100 characters and no control characters.',
  whatItMayDo: 'What it may do',
  whatItMayDoHint: 'At most what you may do yourself.',
  nothingChosen: 'Choose at least one permission, or everything.',
  limits: 'When and from where',
  expiry: 'Expires',
  expiries: {
    '30': 'In 30 days',
    '90': 'In 90 days',
    '365': 'In a year',
    day: 'On a day of your choice',
    never: 'Never',
  },
  expiryHint: 'A key that nobody looks after should end.',
  until: (when: string) => `On ${when}.`,
  lastDay: 'Last day',
  lastDayHint: 'It works until this day is over.',
  dayMissing: 'Choose a day that is not over yet.',
  addresses: 'Only from these addresses',
  addressesHint: 'One address or range a line, IPv4 or IPv6. Empty: from anywhere.',
  wrongAddress: (line: number, written: string) => `Line ${line}: “${written}” is no address or range.`,
  make: 'Create the key',

  secretTitle: 'Your new key',
  onlyNow:
    'Copy it now and keep it where the program reads it. It is shown this once: we keep only what recognizes it.',
  secretOf: (name: string) => `Secret of “${name}”`,
  copyKey: 'Copy the secret',
  kept: 'I have kept it',
  oldEnded: 'The old secret has ended.',
  oldUntil: (when: string) => `The old secret works until ${when}.`,

  reasons: {
    grant_ceiling: 'This is more than you have yourself, so you cannot give it or take it away.',
    unknown_key: 'This key is gone; somebody else has deleted it.',
  },
};
