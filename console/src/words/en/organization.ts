import { counting } from '../counting.ts';

const count = counting('en');

export const organization = {
  title: 'Organization',
  lead: 'How your team appears to the people you invite, and what your plan gives you.',
  profile: 'Profile',
  name: 'Name',
  nameHint: 'As people read it in mails and on the join page.',
  nameMissing: 'Give it a name.',
  language: 'Language of invitations',
  languageHint: 'For people who are not invited in a language of their own.',
  otherLanguage: (tag: string) => `As set: ${tag}`,
  redirectUrl: 'Where people go after joining',
  redirectUrlHint: 'The address of your product. Leave it empty to keep them here.',
  changing: 'Changing the organization',
  changed: 'The organization was changed.',
  unsaved: 'You have changes that are not saved.',
  discard: 'Discard',
  plan: 'Plan',
  seats: 'Seats',
  seatsUsed: (used: number, limit: number) => `${used} of ${count(limit, { one: 'seat', other: 'seats' })} taken`,
  seatsWithoutLimit: (used: number) => `${count(used, { one: 'seat', other: 'seats' })} taken; the plan has no limit`,
  seatsHint: 'Everybody who has joined takes a seat. Invitations take none until they are accepted.',
  seatsFull: 'Every seat is taken: nobody else can join until somebody leaves or the plan grows.',
  included: 'In your plan',
  planHint: 'Whoever provides this service changes the plan.',
  featureCount: (have: number, all: number) => `${have} of ${count(all, { one: 'feature', other: 'features' })}`,
  partly: (have: number, all: number) => `${have} of ${count(all, { one: 'permission', other: 'permissions' })}`,
  notIncluded: 'not included',
  identifier: 'Id',
  identifierHint: 'What programs call this organization.',
  forbidden: 'Only people who have everything can change the organization.',
  reasons: {
    unsafe_url: 'Use an address that begins with https://, without a user name or password in it.',
  },
};
