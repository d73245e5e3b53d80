import type { AccessInWords } from '@latchkey/core/access-in-words.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeInvitationMail, type InvitationMail } from '../../server/src/mail/invitation-mail.ts';
import { invitationMailWords } from '../../server/src/mail/invitation-mail-words.ts';
import { languages } from '../../server/src/mail/language.ts';
import { createSmtpTransport, type MailTransport } from '../../server/src/mail/transport.ts';
import { type MailPeer, startMailPeer } from './mail-peer.ts';

const link = 'https://latchkey.example/join#AQABc2Vj-cmV0_';
const access: AccessInWords = {
  owner: false,
  all_features_access: false,
  features: [
    {
      feature: 'contacts',
      label: 'Contacts',
      permissions: [
        { permission: 'view', label: 'View' },
        { permission: 'create_edit_delete', label: 'Create / edit / delete' },
      ],
    },
    { feature: 'templates', label: 'Templates', permissions: [{ permission: 'all', label: 'All' }] },
  ],
};
const invitation: InvitationMail = {
  to: 'grace@example.com',
  locale: 'en_US',
  organizationName: 'Analytical Engines',
  inviterName: 'Ada Lovelace',
  link,
  expiresAt: new Date('2026-11-24T10:30:00Z'),
  sentAt: new Date('2026-11-21T10:30:05Z'),
  access,
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

/** What a mailbox holds after the invitation went through a real SMTP server. */
async function delivered(changes: Partial<InvitationMail> = {}) {
  const mail = { ...invitation, ...changes };
  await transport.send({
    ...composeInvitationMail(mail),
    messageId: `<${peer.received.length}@latchkey.example>`,
    from: 'Latchkey <no-reply@latchkey.example>',
    to: mail.to,
    date: mail.sentAt,
  });
  const { parsed } = peer.received.at(-1) ?? {};
  return {
    subject: parsed?.subject ?? '',
    text: parsed?.text ?? '',
    html: parsed?.html || '',
    // mailparser makes links of a plain text as a mail client does.
    autoLinked: [...(parsed?.textAsHtml ?? '').matchAll(/href="([^"]*)"/g)].map(([, href]) => href),
  };
}

const linksIn = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
const wordsIn = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, ' ');

test('says who invites, to what, with which permissions, until when, and what to do if unexpected', async () => {
  const mail = await delivered();
  expect(mail.subject).toBe('Ada Lovelace invited you to Analytical Engines');
  expect(mail.text).toBe(`Ada Lovelace invites you to join Analytical Engines

Open the invitation:
${link}
You can join or decline there.

What you will be able to do:
- Contacts: View, Create / edit / delete
- Templates: All

This invitation is for grace@example.com. It is open for 3 days, until Tuesday, November 24, 2026 at 10:30 AM UTC.
The link is meant for you alone, so please do not forward this message.

Not expecting this? You can ignore this message. You become a member only if you join, and nobody can join for you without this link.
`);
  for (const sentence of [
    'Ada Lovelace invites you to join Analytical Engines',
    'Create / edit / delete',
    'It is open for 3 days, until Tuesday, November 24, 2026 at 10:30 AM UTC.',
    'Not expecting this?',
  ]) {
    expect(wordsIn(mail.html)).toContain(sentence);
  }
});

test('writes French to every French locale, with its dates', async () => {
  const mail = await delivered({ locale: 'fr_FR' });
  expect(mail.subject).toBe('Ada Lovelace vous invite à rejoindre Analytical Engines');
  expect(mail.text).toContain('Elle est valable 3\u00a0jours, jusqu’au mardi 24 novembre 2026 à 10:30 UTC.');
  expect(mail.text).toContain('- Contacts\u00a0: View, Create / edit / delete');
  expect(mail.html).toMatch(/<html lang="fr"/);
  expect((await delivered({ locale: 'fr-CA' })).text).toContain('mardi 24 novembre 2026 à 10 h 30 UTC');
});

test('writes English to everybody else, whatever the locale says', async () => {
  for (const locale of ['en', 'de_DE', 'frr_DE', 'zz', '', '../../x', 'pt_BR']) {
    const mail = composeInvitationMail({ ...invitation, locale });
    expect(mail.subject, locale).toBe('Ada Lovelace invited you to Analytical Engines');
    expect(mail.html, locale).toMatch(/<html lang="en"/);
    expect(mail.text, locale).toContain('Tuesday, November 24, 2026 at 10:30 AM UTC');
  }
  expect(composeInvitationMail({ ...invitation, locale: 'en_GB' }).text).toContain(
    'Tuesday, 24 November 2026 at 10:30 UTC',
  );
});

test('both languages have the same words with the same places to fill', () => {
  const placesOf = (words: object) =>
    Object.entries(words).map(([key, text]) => [key, [...String(text).matchAll(/\{\w+\}/g)].map(String).sort()]);
  for (const language of languages) {
    expect(placesOf(invitationMailWords[language]), language).toEqual(placesOf(invitationMailWords.en));
    for (const [key, text] of Object.entries(invitationMailWords[language])) expect(text.trim(), key).not.toBe('');
  }
});

test('names the other kinds of access in one sentence', () => {
  const textWith = (changes: Partial<AccessInWords>) =>
    composeInvitationMail({
      ...invitation,
      access: { owner: false, all_features_access: false, features: [], ...changes },
    }).text;
  expect(textWith({ owner: true, all_features_access: true })).toContain('You will be an owner');
  expect(textWith({ all_features_access: true })).toContain('Use every feature, including those added later.');
  expect(textWith({})).toContain('Nothing yet');
});

test.each([
  [72, '3 days'],
  [71.9, '3 days'],
  [36, '36 hours'],
  [24, '24 hours'],
  [1.5, '90 minutes'],
  [-1, '0 minutes'],
  [720, '30 days'],
])('an invitation open for %d hours says %s', (hours, words) => {
  const sentAt = new Date(invitation.expiresAt.getTime() - hours * 3_600_000);
  expect(composeInvitationMail({ ...invitation, sentAt }).text).toContain(`It is open for ${words}, until`);
});

test('the same invitation gives the same bytes', () => {
  expect(composeInvitationMail(invitation)).toEqual(composeInvitationMail(structuredClone(invitation)));
});

test('the only links are the invitation’s own, and nothing is loaded or run', async () => {
  const mail = await delivered();
  expect(linksIn(mail.html)).toEqual([link, link]);
  expect(mail.autoLinked).toContain(link);
  expect(mail.html).not.toMatch(/<(img|script|iframe|object|link|form|svg)\b|\bsrc=|url\(|@import|\bon\w+=/i);
});

test('reads as a mail: language, preheader first, tables for layout, colours for dark mode', async () => {
  const { html } = await delivered();
  expect(html).toMatch(/^<!doctype html>\s*<html lang="en" dir="ltr">/);
  expect(wordsIn(html.replace(/<title>.*?<\/title>/, '')).trim()).toMatch(/^Join or decline until Tuesday/);
  expect(html.match(/<table /g)).toHaveLength(html.match(/<table role="presentation"/g)?.length ?? 0);
  expect(html).toContain('prefers-color-scheme: dark');
  expect(Buffer.byteLength(html)).toBeLessThan(102_000); // Gmail cuts a longer mail off
});

const hostileNames = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  `' style='display:none' onmouseover='alert(1)`,
  '</title></style><h1>Your account is locked',
  '&lt;b&gt;{link}{email}',
  'Acme\r\nBcc: everybody@example.com\r\n\r\nHello',
  'Acme\u2028\u2029\u0085\u0000\u001b[31mred',
  '\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c',
  'evil.com',
  'https://evil.com/login?x=1#y',
  'Log in at www.evil.com, evil\u3002com or evil\uff0ecom',
  'mailto:me@evil.com',
  'a@evil.com, click evil.com',
  `${'Very '.repeat(4000)}long`,
  'X'.repeat(100_000),
  `Z${'\u0301'.repeat(500)}algo`,
  '\ud800 half a letter',
  '\u00ad\u200b\u2060\ufeff\u3164',
  '',
  '   ',
];

/** One feature with one permission, all named as told. */
const allNamed = (name: string): Partial<InvitationMail> => ({
  organizationName: name,
  inviterName: name,
  access: {
    owner: false,
    all_features_access: false,
    features: [{ feature: 'x', label: name, permissions: [{ permission: 'y', label: name }] }],
  },
});
const tagsIn = (html: string) => html.match(/<[a-z!/]+/gi);

test.each(hostileNames.map((name) => [name.slice(0, 40), name]))(
  'T34 the name %j stays a name',
  async (_shown, name) => {
    const mail = await delivered(allNamed(name));
    const harmless = await delivered(allNamed('Acme'));
    expect(linksIn(mail.html)).toEqual([link, link]);
    expect(mail.autoLinked).toEqual(harmless.autoLinked);
    expect(tagsIn(mail.html)).toEqual(tagsIn(harmless.html));
    expect(mail.html).not.toMatch(/<[^>]*\bon\w+=/i);
    expect(mail.subject).toMatch(/^.+ invited you to .+$/u);
    for (const part of [mail.subject, mail.text.replaceAll('\n', ' '), wordsIn(mail.html)]) {
      expect(part).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066\u2067\u200e\u200f\u061c]/u);
    }
    expect(mail.text.split('\n')).toHaveLength(harmless.text.split('\n').length);
    expect(mail.subject.length).toBeLessThan(500);
    expect(mail.html.length).toBeLessThan(harmless.html.length + 6_000);
  },
);

test('ordinary names are left exactly as they are', () => {
  for (const name of [
    'Zoë Müller-Lüdenscheidt',
    'J. R. R. Tolkien',
    'Acme Inc.',
    '株式会社',
    '👩🏽‍🚀 Space',
    'می‌خواهم',
    'ada@example.com',
  ]) {
    const { subject, text } = composeInvitationMail({ ...invitation, inviterName: name });
    expect(subject.replace(/[\u2068\u2069]/g, ''), name).toBe(`${name} invited you to Analytical Engines`);
    expect(text.replace(/[\u2068\u2069]/g, ''), name).toContain(`${name} invites you`);
  }
});

test('a name written from right to left does not turn our sentence around', () => {
  const { subject } = composeInvitationMail({ ...invitation, organizationName: 'שלום' });
  expect(subject).toBe('Ada Lovelace invited you to \u2068שלום\u2069');
});

test('a nameless organization and inviter still make a sentence', () => {
  const nameless = { ...invitation, organizationName: ' \u200b', inviterName: '' };
  expect(composeInvitationMail(nameless).subject).toBe('Someone invited you to an organization');
  expect(composeInvitationMail({ ...nameless, locale: 'fr' }).subject).toBe(
    'Quelqu’un vous invite à rejoindre une organisation',
  );
});
