import { counting } from '../counting.ts';

const count = counting('en');
const invitations = { one: 'invitation', other: 'invitations' };
const people = { one: 'person', other: 'people' };
const seats = { one: 'seat', other: 'seats' };

export const invite = {
  title: 'Invite people',
  lead: 'Everybody gets a mail with a link of their own, and the permissions that you choose here.',
  leadWithoutMail: 'Everybody gets a link of their own, and the permissions that you choose here.',
  who: 'Who',
  addresses: 'E-mail addresses',
  addressesHint: 'Type or paste as many as you like, also as “Mei Lin <mei@example.com>”. Enter or a comma ends one.',
  placeholder: 'mei@example.com, noor@example.com',
  remove: (address: string) => `Remove ${address}`,
  removed: (address: string) => `${address} removed.`,
  added: (many: number, faulty: number, merged: number) =>
    [
      `${count(many, { one: 'address', other: 'addresses' })} added.`,
      ...(faulty > 0 ? [`${faulty} of them cannot be used.`] : []),
      ...(merged > 0 ? [`${merged} stood there twice.`] : []),
    ].join(' '),
  noAddress: 'Enter the address of at least one person.',
  correct: 'Correct',
  correctNamed: (written: string) => `Correct ${written}`,
  faults: {
    noAt: 'There is no @ in it.',
    noName: 'Nothing stands before the @.',
    noDomain: 'After the @ there is no domain, such as example.com.',
    spaces: 'There is a space in it.',
    tooLong: 'It is longer than an address can be.',
    invalid: 'This is not an e-mail address.',
  },
  attention: 'These are not invited',
  seeMember: 'See what they may do',
  alreadyInvited: 'Invited already, with exactly these permissions: no second mail goes out.',
  language: 'Language of the mail',
  languageHint: 'The page on which they join speaks it too.',
  organizationLanguage: (name: string) => `As the organization: ${name}`,
  permissions: 'What they may do',
  permissionsHint: 'The same for everybody in this invitation. You can change it for each of them later.',
  noPermission: 'Choose at least one permission.',
  startFrom: 'Start from another member’s permissions',
  startFromHint: 'Search by address. What you choose is copied here once; the two stay apart.',
  nobodyFound: 'Nobody has this in their address.',
  copied: (email: string) => `Copied from ${email}.`,
  leftOut: 'Left out, because you cannot give it:',
  preview: 'They will be able to',
  previewNobody: 'Nothing yet. Choose permissions, and they stand here in words.',
  seats: (used: number, limit: number) =>
    `${used} of ${count(limit, seats)} of the plan ${used === 1 ? 'is' : 'are'} taken.`,
  seatsLeft: (left: number) =>
    left === 0
      ? 'Nobody can join until a seat is free. Invitations wait until they end.'
      : `Only ${count(left, { one: 'more person', other: 'more people' })} can join. A seat is taken when somebody accepts.`,
  noMail: 'This server sends no mail',
  noMailHint: 'Invite all the same: then copy each link here and hand it over yourself.',
  send: (many: number) => (many === 0 ? 'Send invitations' : `Send ${count(many, invitations)}`),
  makeLinks: (many: number) => (many === 0 ? 'Invite' : `Invite ${count(many, people)}`),
  staysHere: (many: number) =>
    `${count(many, { one: 'address stays', other: 'addresses stay' })} here for you to look at.`,
  results: 'What became of it',
  resultsHint: (invited: number, refused: number) =>
    refused === 0
      ? `${count(invited, people)} invited.`
      : `${count(invited, people)} invited, ${count(refused, people)} not.`,
  outcomes: { invited: 'Invited', unchanged: 'Was invited already', refused: 'Not invited' },
  delivery: {
    queued: 'The mail is on its way out',
    sent: 'The mail was sent',
    failed: (reason: string) => `The mail could not be sent: ${reason}`,
  },
  toPeople: 'To the people',
  stopped: 'Not all of them were reached. Those without a result are still in the form; sending again is safe.',
  copyLink: 'Copy link',
  copyLinkOf: (email: string) => `Copy link of ${email}`,
  leave: 'Leave without inviting?',
  leaveMeaning: 'The addresses that you entered are kept nowhere else.',
  leaveConfirm: 'Leave',
  stay: 'Stay',
  reasons: {
    already_member: 'Is a member already. Change their permissions on their page.',
    already_invited: 'Is invited already, with other permissions or in another language. Change that on their page.',
    mail_rate: 'Had too many mails within the hour. Try again later.',
    grant_ceiling: 'Somebody else offered this person more than you have, so you cannot replace it.',
    not_in_plan: 'The plan has changed and no longer includes all of it. Load the page again.',
    invalid_email: 'This is not an e-mail address.',
  },
};
