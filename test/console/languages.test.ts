import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AcmeRockets, cast, openAcmeRockets } from './cast.ts';
import type { Visitor } from './open-console.ts';
import { dialogs, type Place, pages } from './places.ts';

/** What is the same in both languages and is meant to be. */
const sameInBoth = new Set([
  'Actions',
  'Active',
  'Invitation',
  'Invitations',
  'Permissions',
  'Suspension',
  'mei@example.com, noor@example.com',
]);

let acme: AcmeRockets;
beforeAll(async () => {
  acme = await openAcmeRockets();
});
afterAll(() => acme?.close());

test('every word of the console is there in French, and is another than the English one', async () => {
  const [english, french] = await Promise.all([wordsOf('en'), wordsOf('fr')]);
  expect([...french.keys()].sort()).toEqual([...english.keys()].sort());
  const same = [...english].filter(([key, text]) => french.get(key) === text && /\p{L}{2}/u.test(text));
  expect(same.filter(([, text]) => !sameInBoth.has(text)).map(([key, text]) => `${key}: ${text}`)).toEqual([]);
});

test('French words have the apostrophes, quotation marks and spaces of French', async () => {
  const wrong = [...(await wordsOf('fr'))].filter(([, text]) =>
    /\p{L}'\p{L}|[“”"]|[^\s\u00a0\u202f][;!?»]|«[^\s]/u.test(text),
  );
  expect(wrong.map(([key, text]) => `${key}: ${text}`)).toEqual([]);
});

test.each([...pages, ...dialogs])('$name is in French from the first word to the last', async (place) => {
  const visitor = await comesTo(place);
  const isEnglish = await englishTexts();
  expect(await visitor.page.locator('html').getAttribute('lang')).toBe('fr');
  expect((await textsOn(visitor.page)).filter(isEnglish)).toEqual([]);
  await visitor.leaves();
});

test('who chooses another language stays where they are, and keeps what they have written', async () => {
  const visitor = await acme.window({ as: cast.ada, viewport: { width: 1440, height: 900 } });
  const { page } = visitor;
  await page.goto(acme.at('organization'));
  await page.getByLabel('Name').fill('Acme Fusées');
  await choose(page, 'You: ada@example.com', 'Français');
  await visitor.reads('Organisation');
  expect(page.url()).toBe(acme.at('organization'));
  expect(await page.getByLabel('Nom').inputValue()).toBe('Acme Fusées');
  expect(await page.locator('html').getAttribute('lang')).toBe('fr');
  expect(await page.title()).toMatch(/^Organisation · /);
  await page.getByRole('button', { name: 'Abandonner' }).click();

  await page.goto(acme.at('people?status=pending&sort=email'));
  await visitor.reads('Personnes');
  await choose(page, 'Vous : ada@example.com', 'English');
  await visitor.reads('People');
  expect(page.url()).toBe(acme.at('people?status=pending&sort=email'));

  // It is remembered in this browser, whatever that prefers.
  await choose(page, 'You: ada@example.com', 'Français');
  await page.reload();
  await visitor.reads('Personnes');
  await visitor.leaves();
});

test('dates, numbers and lists are written as in French', async () => {
  const visitor = await comesTo({ name: 'people', as: cast.ada, url: (office) => office.at('people') });
  const { page } = visitor;
  await page.getByText(cast.kim).waitFor();
  const shown = await page.getByRole('main').innerText();
  expect(shown).toMatch(/\d{1,2} (janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)\.? \d{4}/);
  expect(shown).toMatch(/il y a \d+ (minutes|heures)/);
  expect(shown).toMatch(/dans \d+ jours|après-demain/);
  await visitor.leaves();
});

async function comesTo(place: Place): Promise<Visitor> {
  const visitor = await acme.window({
    ...(place.as !== undefined && { as: place.as }),
    locale: 'fr-FR',
    viewport: { width: place.width ?? 1440, height: 900 },
  });
  await visitor.page.goto(await place.url(acme));
  await visitor.page.getByRole('heading', { level: 1 }).waitFor();
  await visitor.page.waitForLoadState('networkidle');
  await place.does?.(visitor.page);
  return visitor;
}

async function choose(page: Page, menu: string, language: string): Promise<void> {
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitemradio', { name: language }).click();
  await page.keyboard.press('Escape');
}

/** All that is read or read out on a page, text by text. */
const textsOn = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const texts: string[] = [document.title.split(' · ')[0] ?? ''];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { parentElement } = walker.currentNode;
      if (parentElement?.closest('script, style, noscript, [lang]:not(html)')) continue;
      texts.push(walker.currentNode.textContent ?? '');
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
      for (const element of document.body.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name) ?? '');
    return [...new Set(texts.map((text) => text.trim()))].filter((text) => text !== '');
  });

/** Whether a text is one of the English words or labels, and none of the French. */
async function englishTexts(): Promise<(text: string) => boolean> {
  const [english, french] = await Promise.all([wordsOf('en'), wordsOf('fr')]);
  const patterns = [...english.values(), ...labels('en')].map(patternOf).filter((pattern) => pattern !== undefined);
  const frenchPatterns = [...french.values(), ...labels('fr')]
    .map(patternOf)
    .filter((pattern) => pattern !== undefined);
  const matches = (all: RegExp[], text: string): boolean => all.some((pattern) => pattern.test(text));
  return (text) => matches(patterns, text) && !matches(frenchPatterns, text);
}

/** The text with its gaps; nothing where gaps are nearly all of it. */
function patternOf(text: string): RegExp | undefined {
  const parts = text.split(gap);
  if (parts.join('').replaceAll(/[^\p{L}]/gu, '').length < 4) return undefined;
  return new RegExp(`^${parts.map((part) => RegExp.escape(part)).join('.*')}$`, 'su');
}

function labels(language: 'en' | 'fr'): string[] {
  const { areas, features, plans } = builtInCatalogue;
  const labelled = [
    ...Object.values(areas ?? {}),
    ...Object.values(features).flatMap((feature) => [feature, ...Object.values(feature.permissions)]),
    ...Object.values(plans ?? {}),
  ];
  return labelled.map(({ label }) => (typeof label === 'string' ? label : (label?.[language] ?? '')));
}

/** What stands where a word is made of a value. */
const gap = '\u0001';

/** Every text of a language by its place: `people.title`. Where a text has values in it, a gap stands for each. */
async function wordsOf(language: 'en' | 'fr'): Promise<Map<string, string>> {
  const module = new URL(`../../console/src/words/${language}.ts`, import.meta.url).href;
  const { [language]: words } = await import(/* @vite-ignore */ module);
  const texts = new Map<string, string>();
  const collect = (value: unknown, path: string): void => {
    if (typeof value === 'string') texts.set(path, value);
    else if (typeof value === 'function') texts.set(path, spoken(value as (...values: unknown[]) => string));
    else for (const [key, part] of Object.entries(value as object)) collect(part, path === '' ? key : `${path}.${key}`);
  };
  collect(words, '');
  return texts;
}

function spoken(words: (...values: unknown[]) => string): string {
  // Whether the words take a text, a number or a list.
  const value = { toString: () => gap, join: () => gap };
  return String(words(value, value, value)).replaceAll('NaN', gap);
}
