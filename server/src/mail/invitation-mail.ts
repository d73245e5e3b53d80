import type { AccessInWords } from '@latchkey/core/access-in-words.ts';
import { type InvitationMailSentences, invitationMailMarkup } from './invitation-mail-markup.ts';
import { type InvitationMailWords, invitationMailWords } from './invitation-mail-words.ts';
import { languageOf } from './language.ts';
import { fill, inSentence } from './sentence.ts';
import { isolated, shownName } from './shown-name.ts';
import { dateInWords, durationInWords } from './time-in-words.ts';

export interface InvitationMail {
  /** Canonical address of the person invited. */
  to: string;
  /** Such as `fr_FR` or `en`. */
  locale: string;
  organizationName: string;
  /** May be an e-mail address, where the inviter has no other name. */
  inviterName: string;
  link: string;
  expiresAt: Date;
  sentAt: Date;
  /** Labels already in the reader's language. */
  access: AccessInWords;
}

const longestInSubject = 48; // graphemes a name; two of them and our words stay readable in a list of mails

/** Writes an invitation as subject, plain text and HTML. Pure: the same invitation gives the same bytes. */
export function composeInvitationMail(mail: InvitationMail): { subject: string; text: string; html: string } {
  const words = invitationMailWords[languageOf(mail.locale)];
  const sentences = sentencesOf(mail, words);
  const inviter = isolated(shownName(mail.inviterName, longestInSubject)) || words.someone;
  const organization = isolated(shownName(mail.organizationName, longestInSubject)) || words.anOrganization;
  return {
    subject: fill(words.subject, { inviter, organization }),
    text: plainText(sentences),
    html: invitationMailMarkup(sentences).markup,
  };
}

function sentencesOf(mail: InvitationMail, words: InvitationMailWords): InvitationMailSentences {
  const until = dateInWords(mail.expiresAt, mail.locale);
  const duration = durationInWords(mail.expiresAt.getTime() - mail.sentAt.getTime(), mail.locale);
  const inviter = inSentence(mail.inviterName) || words.someone;
  const organization = inSentence(mail.organizationName) || words.anOrganization;
  return {
    language: languageOf(mail.locale),
    words,
    heading: fill(words.heading, { inviter, organization }),
    preheader: fill(words.preheader, { until }),
    access: accessInSentences(mail.access, words),
    validity: fill(words.validity, { email: inSentence(mail.to), duration, until }),
    link: mail.link,
  };
}

function accessInSentences(access: AccessInWords, words: InvitationMailWords): InvitationMailSentences['access'] {
  if (access.owner) return words.accessOwner;
  if (access.all_features_access) return words.accessAll;
  if (access.features.length === 0) return words.accessNone;
  return access.features.map(({ label, permissions }) => ({
    feature: inSentence(label),
    permissions: permissions.map((permission) => inSentence(permission.label)).join(', '),
  }));
}

function plainText({ words, heading, access, validity, link }: InvitationMailSentences): string {
  const abilities =
    typeof access === 'string' ? access : access.map((feature) => `- ${fill(words.feature, feature)}`).join('\n');
  const paragraphs = [
    heading,
    `${fill(words.titled, { title: words.open })}\n${link}\n${words.openHint}`,
    `${fill(words.titled, { title: words.accessHeading })}\n${abilities}`,
    `${validity}\n${words.personal}`,
    words.unexpected,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}
