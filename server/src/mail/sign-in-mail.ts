import { type Html, html } from './html.ts';
import { languageOf } from './language.ts';
import { mailMarkup, styles } from './mail-markup.ts';
import { fill, inSentence } from './sentence.ts';
import { signInMailWords } from './sign-in-mail-words.ts';
import { dateInWords, durationInWords } from './time-in-words.ts';

export interface SignInMail {
  /** Canonical address of whom the link signs in. */
  to: string;
  /** Such as `fr_FR` or `en`. */
  locale: string;
  /** Names the server by its host. */
  link: string;
  expiresAt: Date;
  /** When it was asked for. */
  sentAt: Date;
}

/** Writes the mail with a sign-in link as subject, plain text and HTML. Pure: the same link gives the same bytes. */
export function composeSignInMail(mail: SignInMail): { subject: string; text: string; html: string } {
  const language = languageOf(mail.locale);
  const words = signInMailWords[language];
  const { host } = new URL(mail.link);
  const until = dateInWords(mail.expiresAt, mail.locale);
  const duration = durationInWords(mail.expiresAt.getTime() - mail.sentAt.getTime(), mail.locale);
  const heading = fill(words.heading, { host: inSentence(host) });
  const validity = fill(words.validity, { email: inSentence(mail.to), duration, until });
  const paragraphs = [
    heading,
    `${fill(words.titled, { title: words.open })}\n${mail.link}\n${words.openHint}`,
    `${validity}\n${words.personal}`,
    words.unexpected,
  ];
  return {
    subject: fill(words.subject, { host }),
    text: `${paragraphs.join('\n\n')}\n`,
    html: mailMarkup({
      ...words,
      language,
      heading,
      preheader: fill(words.preheader, { until }),
      content: contentMarkup(validity, words.personal),
      link: mail.link,
    }).markup,
  };
}

const contentMarkup = (validity: string, personal: string): Html =>
  html`<p class="ink" dir="auto" style="margin:0 0 12px;${styles.body}">${validity}</p>
          <p class="ink" style="margin:0 0 24px;${styles.body}">${personal}</p>`;
