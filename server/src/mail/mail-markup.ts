import { type Html, html } from './html.ts';
import type { Language } from './language.ts';

/** What every mail of ours is made of: one thing to do, what there is to know about it, and a link to do it by. */
export interface MailParts {
  language: Language;
  heading: string;
  /** What lists of mails show behind the subject. */
  preheader: string;
  /** On the button, and below it. */
  open: string;
  openHint: string;
  /** Paragraphs and the like between the button and the small print. */
  content: Html;
  unexpected: string;
  copyLink: string;
  link: string;
}

const accent = '#0f5f57';
const ink = 'color:#1c2127;';
const quiet = 'color:#5a626c;';
const family = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;";
const type = (size: number, line: number, weight = 400): string =>
  `${family}font-size:${size}px;line-height:${line}px;font-weight:${weight};`;

/** Inline styles for what stands in a mail's content. */
export const styles = {
  body: `${type(16, 24)}${ink}`,
  subheading: `${type(16, 24, 600)}${ink}`,
  term: `${type(15, 22, 600)}${ink}`,
  description: `${type(15, 22)}${quiet}`,
  small: `${type(14, 21)}${quiet}`,
};

// Clients that know dark mode and small screens read this; all others keep the inline styles.
const adaptations = html`<style>
    :root { color-scheme: light dark; supported-color-schemes: light dark; }
    @media (max-width: 480px) {
      .inside { padding: 28px 20px 24px !important; }
    }
    @media (prefers-color-scheme: dark) {
      .page { background-color: #14171a !important; }
      .card { background-color: #1d2125 !important; border-color: #363c43 !important; }
      .ink { color: #eef0f2 !important; }
      .quiet { color: #a9b1ba !important; }
      .rule { border-color: #363c43 !important; }
      .button { background-color: #7fd6c8 !important; }
      .button a { color: #0b2b27 !important; }
      .link { color: #7fd6c8 !important; }
    }
  </style>`;

/** The HTML part: tables and inline styles for old mail clients, no images, no scripts, nothing loaded from anywhere. */
export function mailMarkup({ language, heading, preheader, content, link, ...words }: MailParts): Html {
  return html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="supported-color-schemes" content="light dark">
  <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no">
  <title>${heading}</title>
  ${adaptations}
</head>
<body class="page" style="margin:0;padding:0;background-color:#f4f3ef;">
  <div style="display:none;max-height:0;max-width:0;overflow:hidden;opacity:0;font-size:1px;line-height:1px;mso-hide:all;">${preheader}${previewFiller}</div>
  <table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f4f3ef" style="background-color:#f4f3ef;">
    <tr><td align="center" style="padding:32px 12px;">
      <table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:560px;background-color:#ffffff;border:1px solid #dfddd6;border-radius:14px;">
        <tr><td class="inside" style="padding:36px 32px 28px;overflow-wrap:anywhere;word-break:break-word;">
          <h1 class="ink" dir="auto" style="margin:0 0 24px;${type(24, 32, 600)}${ink}">${heading}</h1>
          <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 10px;">
            <tr><td class="button" align="center" bgcolor="${accent}" style="background-color:${accent};border-radius:10px;">
              <a href="${link}" style="display:inline-block;padding:13px 26px;${type(16, 22, 600)}color:#ffffff;text-decoration:none;">${words.open}</a>
            </td></tr>
          </table>
          <p class="quiet" style="margin:0 0 28px;${styles.small}">${words.openHint}</p>
          ${content}
          <p class="quiet rule" style="margin:0 0 16px;padding:20px 0 0;border-top:1px solid #e6e4de;${styles.small}">${words.unexpected}</p>
          <p class="quiet" style="margin:0;${styles.small}">${words.copyLink}<br><a class="link" href="${link}" style="color:${accent};word-break:break-all;">${link}</a></p>
        </td></tr>
      </table>
    </td></tr>
  </table>
</body>
</html>
`;
}

// Invisible characters after the preheader, or the list of mails would show the button's words behind it.
const previewFiller = html`${'\u00a0\u200c'.repeat(80)}`;
