/**
 * Made of what the message is about rather than of chance: the same for every attempt, so that mailboxes recognise a
 * repetition.
 * @param sender whose domain it ends with, as in a header: `Latchkey <no-reply@example.com>`
 */
export const messageId = (name: string, sender: string): string =>
  `<${name}@${/@([^\s>]+)/.exec(sender)?.[1] ?? 'latchkey'}>`;
