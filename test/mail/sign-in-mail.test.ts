import { afterAll, beforeAll, expect, test } from 'vitest';
import { languages } from '../../server/src/mail/language.ts';
import { composeSignInMail, type SignInMail } from '../../server/src/mail/sign-in-mail.ts';
import { signInMailWords } from '../../server/src/mail/sign-in-mail-words.ts';
import { createSmtpTransport, type MailTransport } from '../../server/src/mail/transport.ts';
import { type MailPeer, startMailPeer } from './mail-peer.ts';

const link = 'https://access.example.com/console/sign-in#AQABc2Vj-cmV0_';
const asked: SignInMail = {
  to: 'grace@example.com',
  locale: 'en_US',
  link,
  expiresAt: new Date('2026-11-24T10:45:00Z'),
  sentAt: new Date('2026-11-24T10:30:00Z'),
};

let peer: MailPeer;
let transport: MailTransport;
beforeAll(async () => {
  peer = await startMailPeer();
  transport = createSmtpTransport({ url: peer.url, from: 'Latchkey <no-reply@latchkey.example>' });
});
afterAll(async () => {
  await transport.close();
  await peer.close();
});

/** What a mailbox holds after the mail went through a real SMTP server. */
async function delivered(changes: Partial<SignInMail> = {}) {
  const mail = { ...asked, ...changes };
  await transport.send({
    ...composeSignInMail(mail),
    messageId: `<${peer.received.length}@latchkey.example>`,
    from: 'Latchkey <no-reply@latchkey.example>',
    to: 'grace@example.com',
    date: mail.sentAt,
  });
  const { parsed, raw = '' } = peer.received.at(-1) ?? {};
  return {
    raw,
    subject: parsed?.subject ?? '',
    text: (parsed?.text ?? '').replaceAll('\u200b', ''),
    html: parsed?.html || '',
    // mailparser makes links of a plain text as a mail client does.
    autoLinked: [...(parsed?.textAsHtml ?? '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
  };
}

const linksIn = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
const tagsIn = (html: string) => html.match(/<[a-z!/]+/gi);
const wordsIn = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\u200b', '')
    .replace(/\s+/g, ' ');

test('says where it signs in, whom, how long, that nobody will ask for the link, and what to do if unexpected', async () => {
  const mail = await delivered();
  expect(mail.subject).toBe('Your link to sign in to access.example.com');
  expect(mail.text).toBe(`Sign in to access.example.com

Sign in:
${link}
A page opens and asks you to confirm.

This link signs in grace@example.com. It works once, for 15 minutes, until Tuesday, November 24, 2026 at 10:45 AM UTC.
Whoever has the link can sign in as you. Nobody will ever ask you for it, so please do not forward this message or read the link out to anybody.

Somebody asked for this link with your address; we do not know who. If you did not ask for this, do nothing: without the link nobody is signed in.
`);
  for (const sentence of [
    'Sign in to access.example.com',
    'It works once, for 15 minutes, until Tuesday, November 24, 2026 at 10:45 AM UTC.',
    'Nobody will ever ask you for it',
    'we do not know who. If you did not ask for this, do nothing',
  ]) {
    expect(wordsIn(mail.html)).toContain(sentence);
  }
});

test('writes French to every French locale, with its dates, and English to everybody else', async () => {
  const mail = await delivered({ locale: 'fr_FR' });
  expect(mail.subject).toBe('Votre lien pour vous connecter à access.example.com');
  expect(mail.text).toContain(
    'Il sert une seule fois, pendant 15 minutes, jusqu’au mardi 24 novembre 2026 à 10:45 UTC.',
  );
  expect(mail.text).toContain('Si vous n’avez rien demandé, ne faites rien');
  expect(mail.html).toMatch(/<html lang="fr"/);
  for (const locale of ['de_DE', 'frr', '', '../../x']) {
    expect(composeSignInMail({ ...asked, locale }).html, locale).toMatch(/<html lang="en"/);
  }
});

test('both languages have the same words with the same places to fill', () => {
  const placesOf = (words: object) =>
    Object.entries(words).map(([key, text]) => [key, [...String(text).matchAll(/\{\w+\}/g)].map(String).sort()]);
  for (const language of languages) {
    expect(placesOf(signInMailWords[language]), language).toEqual(placesOf(signInMailWords.en));
    for (const [key, text] of Object.entries(signInMailWords[language])) expect(text.trim(), key).not.toBe('');
  }
});

test('the only link is the one that signs in; its token stands nowhere else, and nothing is loaded or run', async () => {
  const mail = await delivered();
  expect(linksIn(mail.html)).toEqual([link, link]);
  expect(mail.autoLinked.filter((href) => !href?.startsWith('mailto:'))).toEqual([link]);
  const token = link.slice(link.indexOf('#') + 1);
  expect(mail.subject + mail.raw.slice(0, mail.raw.indexOf('\r\n\r\n'))).not.toContain(token);
  expect(wordsIn(mail.html.replaceAll(link, ''))).not.toContain(token);
  expect(mail.text.replaceAll(link, '')).not.toContain(token);
  expect(mail.html).not.toMatch(/<(img|script|iframe|object|link|form|svg)\b|\bsrc=|url\(|@import|\bon\w+=/i);
});

test.each(['<img src=x onerror=alert(1)>@example.com', '"><script>alert(1)</script>@x.com', '{until}{link}@evil.com'])(
  'T34 the address %s stays text',
  async (to) => {
    const [mail, harmless] = [await delivered({ to }), await delivered()];
    expect(linksIn(mail.html)).toEqual([link, link]);
    expect(tagsIn(mail.html)).toEqual(tagsIn(harmless.html));
    expect(mail.html).not.toMatch(/<[^>]*\bon\w+=/i);
    expect(mail.text).toContain(`This link signs in ${to}.`);
  },
);

test('reads as a mail: language, preheader first, tables for layout, colours for dark mode', async () => {
  const { html } = await delivered();
  expect(html).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr">/);
  expect(wordsIn(html.replace(/<title>.*?<\/title>/, '')).trim()).toMatch(/^Good for one sign-in, until Tuesday/);
  expect(html.match(/<table /g)).toHaveLength(html.match(/<table role="presentation"/g)?.length ?? 0);
  expect(html).toContain('prefers-color-scheme: dark');
});

test('the same link gives the same bytes', () => {
  expect(composeSignInMail(asked)).toEqual(composeSignInMail(structuredClone(asked)));
});
