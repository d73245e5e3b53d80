export const ownAccess = {
  title: 'Your access',
  lead: (organization: string) => `What you may do in ${organization}.`,
  you: 'You',
  owner: 'You are an owner: you hold everything, now and later.',
  everything: 'You have everything, now and later.',
  nothing: 'Nothing yet',
  nothingHint: 'You are a member, and nobody has given you a permission so far. Ask somebody who manages people here.',
  permissions: 'What you may do',
  permissionsHint: 'As far as your organization’s plan has it.',
  until: (date: string) => `Your access ends on ${date}.`,
  suspended: 'Your access is suspended',
  suspendedHint:
    'You are still a member and keep your permissions, but they count for nothing until somebody lifts this.',
  ownership: 'Ownership',
  stepDown: 'Give up ownership',
  stepDownHint:
    'If you give it up, you stay a member, with the permissions that you were given besides. Another owner can make you one again.',
  stepDownTitle: 'Give up ownership?',
  stepDownMeaning: (organization: string) =>
    `You will no longer be an owner of ${organization}. You cannot take this back yourself.`,
  steppedDown: 'You are not an owner any more.',
  leave: 'Leave',
  leaveNamed: (organization: string) => `Leave ${organization}`,
  leaveHint: 'Your access ends at once. To come back you need a new invitation.',
  leaveTitle: (organization: string) => `Leave ${organization}?`,
  leaveMeaning:
    'Your access ends at once, and keys that act for you stop working. To come back you need a new invitation.',
  leaveConfirm: 'Leave',
  left: (organization: string) => `You have left ${organization}.`,
  reasons: {
    last_owner: 'You are the last owner. Make somebody else an owner first, on their page among the people.',
  },
};
