import { counting } from '../counting.ts';

const count = counting('en');
const attempts = { one: 'attempt', other: 'attempts' };

export const outbox = {
  title: 'Outbox',
  lead: 'What became of each invitation mail.',
  byState: 'State',
  states: { all: 'All', queued: 'Waiting', sent: 'Sent', failed: 'Failed' },
  oneState: { queued: 'Waiting', sent: 'Sent', failed: 'Failed' },
  noMailServer: 'This server sends no mail',
  noMailServerHint:
    'Invitations wait here. Copy the link of each and hand it over yourself; or ask whoever runs the server to set a mail server, and all that waits is sent.',
  shown: (shown: number, more: boolean) =>
    more
      ? `The newest ${count(shown, { one: 'message', other: 'messages' })}`
      : count(shown, { one: 'message', other: 'messages' }),
  onlyTo: (email: string) => `Only messages to ${email}`,
  toEverybody: 'To everybody',
  written: 'Written',
  attempts: (attempted: number) => count(attempted, attempts),
  attemptsSoFar: (attempted: number) => `${count(attempted, attempts)} so far`,
  nextAttempt: (when: string) => `next one ${when}`,
  newer: 'A newer message was written since.',
  sendAgain: 'Send again',
  sendAgainTo: (email: string) => `Send again to ${email}`,
  sendingAgain: (email: string) => `Sending the invitation again to ${email}`,
  sentAgain: (email: string) => `A new invitation to ${email} is on its way. Links sent before have ended.`,
  copyLink: 'Copy link',
  copyLinkOf: (email: string) => `Copy link for ${email}`,
  failures: {
    joined: 'Not sent: they had joined by then.',
    cancelled: 'Not sent: the invitation was cancelled.',
    replaced: 'Not sent: a newer invitation replaced it.',
    declined: 'Not sent: they had declined.',
    expired: 'Not sent: the invitation had expired. Send it again for a new one.',
    unusable: 'No mail server takes this address. Cancel the invitation and invite the right one.',
    noSuchMailbox:
      'There is no such mailbox. Look for a slip in the address; if there is one, cancel the invitation and invite the right one.',
    noSuchDomain: 'Nothing receives mail behind the @. Look for a slip in the address.',
    closed: 'The mailbox takes no mail. Ask the person for another address, or copy the link.',
    full: 'The mailbox is full. Tell the person, then send it again.',
    letters: 'The mail server cannot deliver to addresses with such letters. Copy the link instead.',
    unwanted: 'The other side refused the mail as unwanted. Copy the link, or tell whoever runs the server.',
    later: 'The other side asks for patience. It is tried again by itself.',
    unreachable: 'The mail server could not be reached. Whoever runs this server should look at it.',
    slow: 'The mail server took too long. It is tried again by itself.',
    refusesUs: 'The mail server does not take our mail. Whoever runs this server should look at its settings.',
    other: 'The mail server refused it.',
  },
  reasons: {
    already_joined: 'They have joined already, so there is nothing to send.',
    unknown_member: 'This person is not invited any more. Invite them anew.',
    grant_ceiling: 'This invitation gives more than you have yourself, so somebody who has that must send it.',
    mail_rate: 'This address, or this organization, has had as much mail as it gets in an hour. Try again later.',
  },
  none: { queued: 'Nothing is waiting', sent: 'Nothing was sent', failed: 'Nothing has failed' },
  noneHint: {
    queued: 'Messages wait here until a mail server has taken them, usually for seconds.',
    sent: 'Messages stand here once a mail server has taken them.',
    failed: 'What a mail server refused for good would stand here, with the reason and what to do.',
  },
  nothingYet: 'No messages yet',
  nothingYetHint: 'When you invite somebody, their mail stands here, and whether it arrived at their mail server.',
  notAllowed: 'You may not see the outbox',
  notAllowedHint: 'It is for those who manage people. One of them can give you this permission.',
};
