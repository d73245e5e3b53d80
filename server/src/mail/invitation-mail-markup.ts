import { type Html, html } from './html.ts';
import type { InvitationMailWords } from './invitation-mail-words.ts';
import type { Language } from './language.ts';
import { mailMarkup, styles } from './mail-markup.ts';

/** The sentences of one mail, in the reader's language, with every foreign name cleaned and unlinked, not yet escaped. */
export interface InvitationMailSentences {
  language: Language;
  words: InvitationMailWords;
  heading: string;
  preheader: string;
  access: string | { feature: string; permissions: string }[];
  validity: string;
  link: string;
}

export function invitationMailMarkup({ words, access, validity, ...sentences }: InvitationMailSentences): Html {
  const { open, openHint, unexpected, copyLink } = words;
  const content = html`<h2 class="ink" style="margin:0 0 10px;${styles.subheading}">${words.accessHeading}</h2>
          ${accessMarkup(access)}
          <p class="ink" dir="auto" style="margin:24px 0 12px;${styles.body}">${validity}</p>
          <p class="ink" style="margin:0 0 24px;${styles.body}">${words.personal}</p>`;
  return mailMarkup({ ...sentences, open, openHint, content, unexpected, copyLink });
}

function accessMarkup(access: InvitationMailSentences['access']): Html {
  if (typeof access === 'string') return html`<p class="ink" style="margin:0;${styles.body}">${access}</p>`;
  const rows = access.map(
    ({ feature, permissions }) => html`
            <tr><td class="rule" dir="auto" style="padding:9px 0;border-top:1px solid #e6e4de;">
              <strong class="ink" style="${styles.term}">${feature}</strong><br>
              <span class="quiet" style="${styles.description}">${permissions}</span>
            </td></tr>`,
  );
  return html`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">${rows}
          </table>`;
}
