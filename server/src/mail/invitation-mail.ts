import type { AccessInWords } from '@latchkey/core/access-in-words.ts';
import { type InvitationMailSentences, invitationMailMarkup } from './invitation-mail-markup.ts';
import { type InvitationMailWords, invitationMailWords } from './invitation-mail-words.ts';
import { formattingTag, languageOf } from './language.ts';
import { isolated, shownName, unlinked } from './shown-name.ts';

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

/** In UTC, and saying so, because nobody knows where the reader is. */
function dateInWords(date: Date, locale: string): string {
  return new Intl.DateTimeFormat(formattingTag(locale), {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short',
  }).format(date);
}

const minute = 60_000;
const hour = 60 * minute;

/** Whole days where it is whole days to the hour (a mail leaves seconds after its invitation), hours or minutes elsewhere. */
function durationInWords(milliseconds: number, locale: string): string {
  const say = (count: number, unit: 'day' | 'hour' | 'minute') =>
    new Intl.NumberFormat(formattingTag(locale), { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  const hours = Math.round(milliseconds / hour);
  if (hours >= 7 * 24 || (hours >= 48 && hours % 24 === 0)) return say(Math.round(hours / 24), 'day');
  if (hours >= 3) return say(hours, 'hour');
  return say(Math.max(0, Math.round(milliseconds / minute)), 'minute');
}

const inSentence = (name: string): string => isolated(unlinked(shownName(name)));

const fill = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
