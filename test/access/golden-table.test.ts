import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { api, type OperationName } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { type Actor, actors } from './actors.ts';
import { type AnyAsked, preparations } from './preparations.ts';
import { ask, operations } from './request.ts';
import { rowsOf } from './rows-of.ts';
import { situations } from './situations.ts';
import { type Stage, setStage } from './stage.ts';

const file = fileURLToPath(new URL('../access.golden.txt', import.meta.url));

let world: World;
beforeAll(async () => {
  world = await startWorld();
  // Links are written down here, and there is nobody to mail them.
  world.server.services.signIn.mailsLinks = true;
});
afterAll(() => world?.stop());

const table: Row[] = [];
const ceiling: Row[] = [];

test('every operation answers every actor as test/access.golden.txt says', { timeout: 600_000 }, async () => {
  for (const [name] of operations) table.push(await row(name, name, preparations[name]));
  for (const { words, operation, prepare } of situations) ceiling.push(await row(words, operation, prepare));

  const text = written(table, ceiling);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, text);
  const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(text, 'access has changed; review the difference, then write it with UPDATE_GOLDEN=1').toBe(committed);
});

/** What a page of somebody's is answered otherwise than their key, and why. */
const differences: Record<string, (operation: Operation) => boolean> = {
  'operations of people who are signed in': ({ access }) => access === 'session',
  'only a page of ours begins a session': ({ session }) => session === 'starts',
  'whoever is signed in does not answer an invitation of somebody else’s': ({ path }) => path.endsWith('/accept'),
};

test.each([
  ['owner', 'owner page'],
  ['administrator', 'admin page'],
  ['everything', 'everything page'],
  ['weaker', 'weaker page'],
  ['no rights', 'no rights page'],
])('whoever holds what their key holds may do what it may: %s, %s', (key, page) => {
  const [ofKey, ofPage] = [key, page].map((name) => actors.findIndex(({ column }) => column === name));
  const unequal = [...table, ...ceiling].filter(({ cells }) => cells[ofKey ?? -1] !== cells[ofPage ?? -1]);
  expect(table.length).toBeGreaterThan(50);
  expect(unequal.map(({ title }) => title).sort()).toEqual(
    table
      .filter(({ name }) => Object.values(differences).some((differs) => differs(api[name])))
      .map(({ title }) => title)
      .sort(),
  );
});

type Prepare = (stage: Stage) => Promise<AnyAsked>;

interface Row {
  title: string;
  name: OperationName;
  needs: string;
  cells: string[];
}

async function row(title: string, name: OperationName, prepare: Prepare): Promise<Row> {
  const cells: string[] = [];
  for (const actor of actors) cells.push(await cell(name, actor, prepare));
  return { title, name, needs: api[name].access, cells };
}

/** One real request on a fresh organization, in short form: the status, and the reason of a refusal. */
async function cell(name: OperationName, actor: Actor, prepare: Prepare): Promise<string> {
  const stage = await setStage(world);
  const as = await actor.make(stage);
  const asked = await prepare(stage);
  if (!actor.foreign || api[name].access === 'public') return inShort(await ask(as, name, asked));

  const before = await rowsOf(world.database, stage.organizationId);
  const answer = await ask(as, name, asked);
  expect(await rowsOf(world.database, stage.organizationId), `${name} as ${actor.column}`).toEqual(before);
  if (answer.status >= 300) return inShort(answer);
  const own = JSON.stringify(answer.body);
  for (const ours of [stage.organizationId, stage.ada.id, stage.ada.keyId, stage.ada.email, stage.partner.keyId])
    expect(own, `${name} as ${actor.column}`).not.toContain(ours);
  return refusedRow(answer.body).length > 0 ? inShort(answer) : `${answer.status} own`;
}

const inShort = ({ status, body }: Answer): string =>
  [status, ...(status >= 400 ? [body.details?.[0]?.reason] : refusedRow(body))]
    .filter((part) => part !== undefined)
    .join(' ');

/** Of a request about many people, why the first was refused. */
function refusedRow(body: Answer['body']): string[] {
  const error = body?.results?.[0]?.error;
  return error ? ['row', error.details?.[0]?.reason ?? error.code] : [];
}

function written(table: Row[], ceiling: Row[]): string {
  return [
    '# Who may do what: every operation of the contract as every kind of caller. Each cell is a real request about an',
    '# organization made for it, with everything prepared so that it succeeds for whoever may.',
    '# Made by test/access/golden-table.test.ts; UPDATE_GOLDEN=1 writes it anew. Its difference is what a reviewer reads.',
    '#',
    ...actors.map(({ column, who }) => `# ${column.padEnd(15)} ${who}`),
    '#',
    '# "own": it succeeded, about the caller’s own organization or partner; this one’s rows were compared, and nothing in',
    '# the answer was from here.',
    '',
    ...lined('operation', table),
    '',
    '# The grant ceiling: the same operations about more than the least, so that holding less shows.',
    '',
    ...lined('situation', ceiling),
    '',
  ].join('\n');
}

function lined(title: string, table: Row[]): string[] {
  const head = [title, 'needs', ...actors.map(({ column }) => column)];
  const rows = table.map((row) => [row.title, row.needs, ...row.cells]);
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]): string =>
    cells
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)];
}
