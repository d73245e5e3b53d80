import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CatalogueError, loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import { afterAll, expect, test } from 'vitest';
import { readCatalogue } from '../../server/src/catalogue-file.ts';
import { OperatorError } from '../../server/src/operator-error.ts';
import { startWorld } from '../world.ts';
import { acme } from './acme.ts';

const folder = mkdtempSync(join(tmpdir(), 'latchkey-catalogue-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// biome-ignore lint/suspicious/noExplicitAny: what a mistake makes of a catalogue has no type
type Draft = any;
/** The catalogue with something in it changed. */
function changed(change: (draft: Draft) => void): unknown {
  const draft: Draft = structuredClone(acme);
  change(draft);
  return draft;
}

const mistakes: [string, (draft: Draft) => void, string, RegExp][] = [
  ['no name', (d) => delete d.name, '', /name/],
  ['no features', (d) => delete d.features, '', /features/],
  ['an empty list of features', (d) => (d.features = {}), '/features', /propert/],
  ['features as a list', (d) => (d.features = []), '/features', /object/],
  ['an unknown part', (d) => (d.roles = {}), '/roles', /nothing of this name/],
  [
    'an unknown part of a feature',
    (d) => (d.features.invoices.lable = 'x'),
    '/features/invoices/lable',
    /nothing of this name/,
  ],
  ['a feature without label', (d) => delete d.features.invoices.label, '/features/invoices', /label/],
  ['an empty label', (d) => (d.features.invoices.label = ''), '/features/invoices/label', /./],
  ['a label in no language', (d) => (d.features.invoices.label = {}), '/features/invoices/label', /./],
  [
    'a label in a language of no such form',
    (d) => (d.features.invoices.label = { english: 'x' }),
    '/features/invoices/label',
    /./,
  ],
  [
    'a feature without permissions',
    (d) => (d.features.invoices.permissions = {}),
    '/features/invoices/permissions',
    /propert/,
  ],
  [
    'a feature’s name in upper case',
    (d) => (d.features.Invoices = d.features.tickets),
    '/features/Invoices',
    /nothing of this name/,
  ],
  [
    'a feature’s name with a colon',
    (d) => (d.features['a:b'] = d.features.tickets),
    '/features/a:b',
    /nothing of this name/,
  ],
  [
    'a permission’s name with a space',
    (d) => (d.features.invoices.permissions['pay all'] = { label: 'x' }),
    '/features/invoices/permissions/pay all',
    /nothing of this name/,
  ],
  [
    'a name of 64 characters',
    (d) => (d.features['a'.repeat(64)] = d.features.tickets),
    '/features/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    /nothing of this name/,
  ],
  [
    'a permission called none',
    (d) => (d.features.invoices.permissions.none = { label: 'x' }),
    '/features/invoices/permissions/none',
    /reserved/,
  ],
  [
    'an area that there is not',
    (d) => (d.features.invoices.area = 'bilinG'),
    '/features/invoices/area',
    /no such area: bilinG; did you mean billing\?/,
  ],
  [
    'an area that every object has',
    (d) => (d.features.invoices.area = 'constructor'),
    '/features/invoices/area',
    /no such area: constructor/,
  ],
  [
    'an area’s name of no such form',
    (d) => (d.areas['Big Area'] = { label: 'x' }),
    '/areas/Big Area',
    /nothing of this name/,
  ],
  [
    'an alias to nothing',
    (d) => (d.aliases['invoices:settle'] = ['invoices:pya']),
    '/aliases/invoices:settle',
    /no such permission or alias: invoices:pya; did you mean invoices:pay\?/,
  ],
  ['an alias of itself', (d) => (d.aliases['a:b'] = ['a:b']), '/aliases/a:b', /alias of itself: a:b → a:b/],
  [
    'aliases in a circle',
    (d) => Object.assign(d.aliases, { 'a:a': ['b:b'], 'b:b': ['c:c'], 'c:c': ['a:a'] }),
    '/aliases/a:a',
    /a:a → b:b → c:c → a:a/,
  ],
  [
    'an alias that is a permission',
    (d) => (d.aliases['invoices:pay'] = ['invoices:view']),
    '/aliases/invoices:pay',
    /permission already/,
  ],
  [
    'an alias called none',
    (d) => (d.aliases['helpdesk:none'] = ['tickets:read']),
    '/aliases/helpdesk:none',
    /reserved/,
  ],
  ['an alias without its feature', (d) => (d.aliases.pay = ['invoices:pay']), '/aliases/pay', /nothing of this name/],
  ['an alias for nothing at all', (d) => (d.aliases['a:b'] = []), '/aliases/a:b', /./],
  ['no plans', (d) => (d.plans = {}), '/plans', /./],
  ['a plan without seats', (d) => delete d.plans.solo.seats, '/plans/solo', /seats/],
  ['a plan with no seat', (d) => (d.plans.solo.seats = 0), '/plans/solo/seats', /./],
  ['a plan with half a seat', (d) => (d.plans.solo.seats = 1.5), '/plans/solo/seats', /./],
  [
    'a plan with a feature that there is not',
    (d) => (d.plans.solo.features.invoice = 'all'),
    '/plans/solo/features/invoice',
    /no such feature: invoice; did you mean invoices\?/,
  ],
  [
    'a plan with a permission that there is not',
    (d) => (d.plans.solo.features.invoices = ['veiw']),
    '/plans/solo/features/invoices',
    /no such permission: veiw; did you mean view\?/,
  ],
  [
    'a default plan that there is not',
    (d) => (d.default_plan = 'compnay'),
    '/default_plan',
    /no such plan: compnay; did you mean company\?/,
  ],
  [
    'administration by a permission that there is not',
    (d) => (d.administration.members = 'team:peopel'),
    '/administration/members',
    /no such permission: team:peopel; did you mean team:people\?/,
  ],
  [
    'administration by an alias',
    (d) => (d.administration.members = 'helpdesk:all'),
    '/administration/members',
    /no such permission/,
  ],
  ['administration that is not complete', (d) => delete d.administration.activities, '/administration', /activities/],
];

test.each(mistakes)('%s stops the start, with the place and the reason', (_, change, path, reason) => {
  const file = join(folder, 'mistake.json');
  writeFileSync(file, JSON.stringify(changed(change)));
  const error = thrownBy(() => loadCatalogue(changed(change)));
  expect(error).toBeInstanceOf(CatalogueError);
  expect((error as CatalogueError).path).toBe(path);
  expect((error as Error).message).toMatch(reason);
  const stopped = thrownBy(() => readCatalogue(file));
  expect(stopped).toBeInstanceOf(OperatorError);
  expect((stopped as Error).message).toBe(`LATCHKEY_CATALOGUE ${file} at ${(error as Error).message}`);
});

test.each([
  ['not JSON', '{"name": "acme",', /cannot be read/],
  ['a list', '[]', / at \/: must be object/],
  ['null', 'null', / at \/: must be object/],
  ['a text', '"acme"', / at \/: must be object/],
  [
    'a feature that stands twice',
    JSON.stringify(acme).replace('"tickets":', '"invoices":'),
    / at invoices: A name stands twice/,
  ],
])('%s is no catalogue', (_, text, reason) => {
  const file = join(folder, 'other.json');
  writeFileSync(file, text);
  expect(() => readCatalogue(file)).toThrow(OperatorError);
  expect(() => readCatalogue(file)).toThrow(reason);
});

test('a file that is not there stops the start, with its name', () => {
  const file = join(folder, 'nowhere.json');
  expect(() => readCatalogue(file)).toThrow(`LATCHKEY_CATALOGUE ${file} cannot be read: ENOENT`);
});

test('a byte order mark, which some editors write, is no mistake', () => {
  const file = join(folder, 'marked.json');
  writeFileSync(file, `\ufeff${JSON.stringify(acme)}`);
  expect(readCatalogue(file).name).toBe('acme');
});

test('the server itself does not start with a mistake', async () => {
  await expect(startWorld({}, { ...acme, default_plan: 'compnay' })).rejects.toThrow(
    / at \/default_plan: no such plan: compnay/,
  );
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
