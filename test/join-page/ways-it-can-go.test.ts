import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import {
  declined,
  invitation,
  type JoinSite,
  joined,
  refused,
  type Script,
  type ScriptedReply,
  startJoinSite,
} from './join-site.ts';
import { type Visit, visit } from './join-visit.ts';

let browser: Browser;
let site: JoinSite;
beforeAll(async () => {
  [browser, site] = await Promise.all([openBrowser(), startJoinSite()]);
});
afterAll(async () => {
  await browser.close();
  await site.close();
});

type Language = 'en' | 'fr';
const press = {
  join: { en: 'Join', fr: 'Rejoindre' },
  decline: { en: 'Decline', fr: 'Refuser' },
  confirm: { en: 'Yes, decline', fr: 'Oui, refuser' },
};

interface Way {
  way: string;
  /** Words that the page must carry besides its heading: the organization's name, or what to do. */
  says: Record<Language, RegExp>;
  heading: Record<Language, string>;
  script: (pending: ScriptedReply, language: Language) => Script;
  act?: keyof typeof press;
  retry: boolean;
}

const after =
  (reply: ScriptedReply, action: 'accept' | 'decline' = 'accept') =>
  (pending: ScriptedReply) => ({
    inspect: pending,
    [action]: reply,
  });
const state = (name: string) => (_pending: ScriptedReply, locale: Language) => ({
  inspect: invitation({ state: name, locale, access: undefined }),
});
const engines = { en: /Analytical Engines/, fr: /Analytical Engines/ };

const ways: Way[] = [
  {
    way: 'joined',
    script: after(joined()),
    act: 'join',
    heading: { en: 'You’re in', fr: 'C’est fait, bienvenue' },
    says: engines,
    retry: false,
  },
  {
    way: 'joined before',
    script: state('joined'),
    heading: { en: 'You have already joined', fr: 'Vous êtes déjà membre' },
    says: engines,
    retry: false,
  },
  {
    way: 'declined',
    script: after(declined(), 'decline'),
    act: 'decline',
    heading: { en: 'Invitation declined', fr: 'Invitation refusée' },
    says: { en: /Ask Analytical Engines to invite you again/, fr: /Demandez à Analytical Engines de vous inviter/ },
    retry: false,
  },
  {
    way: 'declined before',
    script: state('declined'),
    heading: { en: 'This invitation was declined', fr: 'Cette invitation a été refusée' },
    says: { en: /invite you again/, fr: /vous inviter à nouveau/ },
    retry: false,
  },
  {
    way: 'declined elsewhere while looking at it',
    script: after(refused(404, 'invitation_declined')),
    act: 'join',
    heading: { en: 'This invitation was declined', fr: 'Cette invitation a été refusée' },
    says: engines,
    retry: false,
  },
  {
    way: 'expired',
    script: state('expired'),
    heading: { en: 'This invitation has expired', fr: 'Cette invitation a expiré' },
    says: engines,
    retry: false,
  },
  {
    way: 'expired while looking at it',
    script: after(refused(404, 'invitation_expired')),
    act: 'join',
    heading: { en: 'This invitation has expired', fr: 'Cette invitation a expiré' },
    says: engines,
    retry: false,
  },
  {
    way: 'cancelled',
    script: state('cancelled'),
    heading: { en: 'This invitation was withdrawn', fr: 'Cette invitation a été retirée' },
    says: engines,
    retry: false,
  },
  {
    way: 'cancelled while looking at it',
    script: after(refused(404, 'invitation_cancelled')),
    act: 'join',
    heading: { en: 'This invitation was withdrawn', fr: 'Cette invitation a été retirée' },
    says: engines,
    retry: false,
  },
  {
    way: 'replaced by a newer mail',
    script: state('replaced'),
    heading: { en: 'There is a newer invitation', fr: 'Il existe une invitation plus récente' },
    says: { en: /most recent invitation/, fr: /invitation la plus récente/ },
    retry: false,
  },
  {
    way: 'replaced while looking at it',
    script: after(refused(404, 'invitation_replaced')),
    act: 'join',
    heading: { en: 'There is a newer invitation', fr: 'Il existe une invitation plus récente' },
    says: engines,
    retry: false,
  },
  {
    way: 'unknown',
    script: () => ({ inspect: refused(404, 'invitation_unknown') }),
    heading: { en: 'This link does not work', fr: 'Ce lien ne fonctionne pas' },
    says: { en: /copy all of it/, fr: /copiez-le en entier/ },
    retry: false,
  },
  {
    way: 'mangled, so that the server finds no token in it',
    script: () => ({ inspect: refused(400, 'invalid_token') }),
    heading: { en: 'This link does not work', fr: 'Ce lien ne fonctionne pas' },
    says: { en: /copy all of it/, fr: /copiez-le en entier/ },
    retry: false,
  },
  {
    way: 'from somebody who may no longer give this',
    script: after(refused(403, 'grantor_not_entitled')),
    act: 'join',
    heading: { en: 'You cannot join right now', fr: 'Vous ne pouvez pas rejoindre pour le moment' },
    says: engines,
    retry: true,
  },
  {
    way: 'without a free seat',
    script: after(refused(402, 'seat_limit')),
    act: 'join',
    heading: { en: 'Analytical Engines is full', fr: 'Analytical Engines est au complet' },
    says: { en: /stays open/, fr: /reste valable/ },
    retry: true,
  },
  {
    way: 'asked for too often',
    script: after(refused(429, 'rate_limit', { 'retry-after': '40' })),
    act: 'join',
    heading: { en: 'Please wait a moment', fr: 'Un instant, s’il vous plaît' },
    says: { en: /in 40 seconds/, fr: /dans 40\ssecondes/ },
    retry: true,
  },
  {
    way: 'out of reach',
    script: after({ lost: true }),
    act: 'join',
    heading: { en: 'The server cannot be reached', fr: 'Le serveur est injoignable' },
    says: { en: /not lost/, fr: /pas perdue/ },
    retry: true,
  },
  {
    way: 'in trouble',
    script: after({ status: 503, body: { code: 'unavailable', message: 'No' } }),
    act: 'join',
    heading: { en: 'Something went wrong', fr: 'Un problème est survenu' },
    says: { en: /not lost/, fr: /pas perdue/ },
    retry: true,
  },
  {
    way: 'answered by something that is not Latchkey',
    script: () => ({ inspect: { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>nginx</h1>' } }),
    heading: { en: 'Something went wrong', fr: 'Un problème est survenu' },
    says: { en: /not lost/, fr: /pas perdue/ },
    retry: true,
  },
];

const cases = ways.flatMap((way) => (['en', 'fr'] as const).map((language) => ({ ...way, language })));

test.each(cases)(
  'an invitation that is $way says so ($language)',
  async ({ way, language, script, act, ...expected }) => {
    const token = `${way.replaceAll(/\W/g, '-')}-${language}`;
    site.script(token, script(invitation({ locale: language }), language));
    // Before the server has said whose invitation it is, only the browser knows the language.
    const seen = await visit(browser, `${site.origin}/join#${token}`, {
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    });
    try {
      await seen.settledHeading();
      if (act) await answer(seen, act, language);
      await expect.poll(seen.heading).toBe(expected.heading[language]);
      expect(await seen.said()).toMatch(expected.says[language]);
      expect(await seen.page.title()).toBe(expected.heading[language]);
      expect(await seen.page.evaluate(() => document.documentElement.lang)).toBe(language);
      expect(await seen.focused()).toBe(expected.heading[language]);
      expect(await seen.button(language === 'fr' ? 'Réessayer' : 'Try again').count()).toBe(expected.retry ? 1 : 0);
      expect(await seen.page.getByRole('link').count()).toBe(0);
      expect(await seen.said()).not.toMatch(/[{}]|undefined|null|NaN/);
      expect(seen.complaints).toEqual([]);
    } finally {
      await seen.page.context().close();
    }
  },
);

test('a link without a token says what is missing, and asks the server nothing', async () => {
  for (const [locale, heading] of [
    ['en-GB', 'Open the link from your invitation'],
    ['fr-CA', 'Ouvrez le lien de votre invitation'],
  ] as const) {
    site.requests.length = 0;
    const seen = await visit(browser, `${site.origin}/join`, { locale });
    expect(await seen.settledHeading()).toBe(heading);
    expect(site.requests.filter(({ method }) => method === 'POST')).toEqual([]);
    expect(seen.complaints).toEqual([]);
    await seen.page.context().close();
  }
});

test('a link too long to be one is not sent', async () => {
  site.requests.length = 0;
  const seen = await visit(browser, `${site.origin}/join#${'A'.repeat(5000)}`);
  expect(await seen.settledHeading()).toBe('This link does not work');
  expect(site.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  await seen.page.context().close();
});

test('every page has its words in both languages, with the same places to fill', async () => {
  const seen = await visit(browser, `${site.origin}/join`);
  const words = await seen.page.evaluate<Record<string, Record<string, string>>>(
    "import('/join/words.js').then(({ words }) => words)",
  );
  const placesIn = (table: Record<string, string> = {}) =>
    Object.entries(table).map(([key, text]) => [key, [...text.matchAll(/\{\w+\}/g)].map(String).sort()]);
  expect(Object.keys(words)).toEqual(['en', 'fr']);
  expect(placesIn(words.en).length).toBeGreaterThan(40);
  expect(placesIn(words.fr)).toEqual(placesIn(words.en));
  await seen.page.context().close();
});

async function answer(seen: Visit, act: keyof typeof press, language: Language): Promise<void> {
  await seen.button(press[act][language]).click();
  if (act === 'decline') await seen.button(press.confirm[language]).click();
}
