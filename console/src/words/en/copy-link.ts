export const copyLink = {
  title: 'Copy the invitation link',
  whatItIs: (email: string) =>
    `The link lets in whoever opens it, as ${email}. Hand it over yourself, in a way that only they can read. Unlike the mailed link it proves nothing about their mailbox, so afterwards they cannot sign in to this console with it.`,
  recorded: 'That you look at it is recorded in the activity, with your name.',
  show: 'Show the link',
  link: (email: string) => `Link for ${email}`,
  until: (when: string) => `Works until ${when}.`,
  handOver: 'Give it only to this person. Sending the invitation again makes a new link, and this one ends.',
  copy: 'Copy the link',
  reasons: {
    not_pending: 'There is no open invitation: they have joined, or it has ended. Load the page again.',
    grant_ceiling: 'This invitation gives more than you have yourself, so you cannot see its link.',
    unknown_member: 'This person is not invited any more.',
  },
};
