import { describe, expect, test } from 'vitest';
import { alice, ask, bob, no, record1, record2, refused, world, write, yes } from './asking.ts';

describe('many evaluations', () => {
  const decisions = (body: { evaluations: { decision: boolean }[] }): boolean[] =>
    body.evaluations.map(({ decision }) => decision);
  const semantics = async (evaluations: unknown[], semantic: string): Promise<boolean[]> =>
    decisions(
      (await ask('evaluations', { evaluations, options: { evaluations_semantic: semantic, other: 'value' } })).body,
    );

  test('are 1,000 at most', async () => {
    const thousand = Array.from({ length: 1000 }, (_, index) =>
      index % 2 === 0 ? {} : { action: write, subject: bob },
    );
    const { status, body } = await ask('evaluations', { ...yes, evaluations: thousand });
    expect(status).toBe(200);
    expect(decisions(body)).toEqual(thousand.map((_, index) => index % 2 === 0));
    expect(await refused('evaluations', { ...yes, evaluations: [...thousand, {}] })).toMatch(/1000/);
  });

  test('of 1,000 strangers are read together', async () => {
    const strangers = Array.from({ length: 1000 }, (_, index) => ({
      subject: { type: 'user', id: `stranger-${index}` },
    }));
    const { status, body } = await ask('evaluations', { ...yes, evaluations: strangers });
    expect([status, new Set(decisions(body))]).toEqual([200, new Set([false])]);
  });

  test('are all executed, or up to the first denial or permit, and an error is a denial', async () => {
    expect(await semantics([yes, no, {}, yes], 'execute_all')).toEqual([true, false, false, true]);
    expect(await semantics([yes, yes, no, yes], 'deny_on_first_deny')).toEqual([true, true, false]);
    expect(await semantics([yes, {}, no, yes], 'deny_on_first_deny')).toEqual([true, false]);
    expect(await semantics([yes, yes], 'deny_on_first_deny')).toEqual([true, true]);
    expect(await semantics([no, {}, null, yes, no], 'permit_on_first_permit')).toEqual([false, false, false, true]);
    expect(await semantics([no, {}], 'permit_on_first_permit')).toEqual([false, false]);
    expect(await semantics([yes, no], 'permit_on_first_permit')).toEqual([true]);
  });

  test('override a default as a whole: what an entity leaves out is not filled in', async () => {
    const properties = { secret: true };
    const { body } = await ask('evaluations', {
      subject: { ...bob, properties },
      action: write,
      resource: record1,
      evaluations: [
        { subject: { type: 'user' } },
        { subject: { id: 'alice' } },
        { resource: { id: 'record-1' } },
        { action: {} },
        { subject: alice },
        { subject: alice, resource: record2 },
        {},
      ],
    });
    expect(decisions(body)).toEqual([false, false, false, false, true, false, false]);
    expect(body.evaluations.map(({ context }: { context: object }) => 'error' in context)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('need no default where each is whole, and a default that is not whole is wrong for all', async () => {
    expect(decisions((await ask('evaluations', { evaluations: [yes, no] })).body)).toEqual([true, false]);
    await refused('evaluations', { subject: { type: 'user' }, evaluations: [yes, no] });
  });
});

test('nothing of all this was a fault', () => {
  expect(world.logged()).not.toContain('"level":50');
});
