import { setTimeout as sleep } from 'node:timers/promises';
import type { CatalogueFile } from '@latchkey/core/catalogue/catalogue.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AccessQuestion,
  type AccessToken,
  AccessTokens,
  LatchkeyError,
  type Replica,
} from '../../client/src/index.ts';
import type { Client } from '../client.ts';
import { parameters, timeLimit } from '../model/runs.ts';
import { revisionOf } from '../races/race.ts';
import { catalogues, everyName } from './catalogues.ts';
import { type FirstMember, type Installation, install } from './installation.ts';
import { readNaively } from './naive-reader.ts';

/** Members who are changed, each by somebody of their own; so whoever made a change knows what is so after it. */
const people = ['ada1', 'mei', 'tomas', 'zoë'].map((name) => `${name}@example.com`);
const externalIds = ['u-1', 'u-2', 'U-1', '0190d2a4-7c4e-7b2a-8000-000000000001'];
const serverLease = 500;
const replicaLease = 600;

type Change =
  | { kind: 'grant'; names: string[] }
  | { kind: 'everything' | 'resume' | 'revoke' | 'give ownership' | 'step down' | 'no limit' }
  | { kind: 'suspend' }
  | { kind: 'limit'; milliseconds: number }
  | { kind: 'name'; externalId: string | null };

const names = fc.subarray(everyName);
const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('grant' as const), names }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('suspend' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('everything', 'resume', 'revoke', 'give ownership', 'step down', 'no limit'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('limit' as const), milliseconds: fc.constantFrom(60, 3_600_000) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('name' as const), externalId: fc.constantFrom(null, ...externalIds) }),
  },
) as fc.Arbitrary<Change>;

interface Phase {
  catalogue: string;
  /** Of each person, in this order; those of different people at the same time. */
  changes: Change[][];
  plans: string[];
}
const phase: fc.Arbitrary<Phase> = fc.record({
  catalogue: fc.constantFrom(...Object.keys(catalogues)),
  changes: fc.array(fc.array(change, { maxLength: 6 }), { minLength: people.length, maxLength: people.length }),
  plans: fc.array(fc.constantFrom('all', 'small'), { minLength: 1, maxLength: 3 }),
});
const world = fc.record({
  members: fc.tuple(
    ...people.map((email) =>
      fc.record({
        email: fc.constant(email),
        granted: names,
        everything: fc.boolean(),
        owner: fc.boolean(),
      }),
    ),
  ) as fc.Arbitrary<FirstMember[]>,
  phases: fc.tuple(phase, phase, phase, fc.boolean()).map(([one, two, three, changed]) => [
    one,
    // What the servers remember is of use only while they go on.
    { ...two, catalogue: one.catalogue },
    { ...three, catalogue: changed ? three.catalogue : one.catalogue },
  ]),
});

test(
  'index, batch, replica, token and a naive reader of the database agree after every revision, whatever was changed at once',
  async () => {
    const given = parameters(5);
    console.log(`seed ${given.seed}`);
    await fc.assert(
      fc.asyncProperty(world, ({ members, phases }) => live(members, phases)),
      { ...given, endOnFailure: true },
    );
  },
  timeLimit,
);

async function live(members: FirstMember[], phases: Phase[]): Promise<void> {
  const [beginning] = phases as [Phase];
  const installation = await install(catalogues[beginning.catalogue] as CatalogueFile, serverLease);
  const replicas: Replica[] = [];
  try {
    const keys = new Map<string, Client>();
    for (const member of members) keys.set(member.email, await installation.add(member));
    for (const { access } of installation.apis) replicas.push(await access.replica({ lease: replicaLease }));
    for (const [number, { catalogue, changes, plans }] of phases.entries()) {
      const before = phases[number - 1]?.catalogue ?? catalogue;
      if (catalogue !== before) {
        await installation.restart(catalogues[catalogue] as CatalogueFile);
        // Another catalogue is no revision: until its lease is over a replica may answer by the one before.
        await sleep(replicaLease);
      }
      const everybody = changes.map((own, which) =>
        changePerson(installation, replicas, members[which]?.email ?? '', keys, own),
      );
      const revisions = await Promise.all([...everybody, changePlans(installation, plans)]);
      // Limits that are over soon are over now; replicas and servers see that at most a round trip too early.
      await sleep(150);
      await expectAgreement(installation, replicas, Math.max(...revisions));
    }
  } finally {
    for (const replica of replicas) replica.close();
    await installation.stop();
  }
}

/** Makes the changes one after the other; what is asked with the revision of one is not answered from before it. */
async function changePerson(
  installation: Installation,
  replicas: readonly Replica[],
  email: string,
  keys: ReadonlyMap<string, Client>,
  changes: readonly Change[],
): Promise<number> {
  let newest = 0;
  for (const one of changes) {
    const revision = await make(installation, email, keys.get(email) as Client, one);
    if (revision === undefined) continue;
    newest = revision;
    // A limit that is about to be over would be so for one and not yet for the other.
    if (one.kind === 'limit' && one.milliseconds < 1_000) await sleep(one.milliseconds + 50);
    await expectNothingFromBefore(installation, replicas, email, revision);
  }
  return newest;
}

async function expectNothingFromBefore(
  { database, catalogue, apis }: Installation,
  replicas: readonly Replica[],
  email: string,
  revision: number,
): Promise<void> {
  const naively = await readNaively(database, catalogue);
  const questions = everyName.map((name) => questionOf(email, name));
  const expected = questions.map(({ feature, permission }) => naively(email, `${feature}:${permission}`).held);
  // The plan changes meanwhile, by others: what is held does not depend on it.
  const isHeld = ({ reason }: { reason: string }) =>
    ['granted', 'all_features_access', 'owner', 'not_in_plan'].includes(reason);
  for (const { access } of apis)
    expect((await access.checkMany(questions, { revision })).map(isHeld), `${email} at ${revision}`).toEqual(expected);
  for (const replica of replicas) {
    await replica.current({ revision });
    expect(
      questions.map((one) => isHeld(replica.explain(one, { revision }))),
      `${email} at ${revision}`,
    ).toEqual(expected);
  }
}

async function make(
  { owner, join }: Installation,
  email: string,
  own: Client,
  one: Change,
): Promise<number | undefined> {
  const path = `/organization/user/${encodeURIComponent(email)}`;
  const answer = await (async () => {
    switch (one.kind) {
      case 'grant': {
        const features = Map.groupBy(one.names, (name) => name.split(':')[0] ?? '');
        const privileges = [...features].map(([feature, own]) => ({
          feature,
          permissions: own.map((name) => name.split(':')[1]),
        }));
        return owner.post('/organization/user/update/permissions', { email, all_features_access: false, privileges });
      }
      case 'everything':
        return owner.post('/organization/user/update/permissions', { email, all_features_access: true });
      case 'suspend':
      case 'resume':
        return owner.put(path, { suspended: one.kind === 'suspend' });
      case 'limit':
        return owner.put(path, { access_expires_at: new Date(Date.now() + one.milliseconds).toISOString() });
      case 'no limit':
        return owner.put(path, { access_expires_at: null });
      case 'name':
        return owner.put(path, { external_id: one.externalId });
      case 'give ownership':
        return owner.post('/organization/ownership/give', { email });
      case 'step down':
        return own.post('/organization/ownership/step-down');
      case 'revoke':
        return owner.put(`/organization/user/invitation/revoke/${encodeURIComponent(email)}`);
    }
  })();
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
  // Whoever is not there any more comes back, as somebody new under the same address.
  if (answer.status === 404) return join(email);
  return revisionOf(answer);
}

async function changePlans({ partner, organizationId }: Installation, plans: readonly string[]): Promise<number> {
  let newest = 0;
  for (const plan of plans) {
    const answer = await partner.put(`/corporate/subAccount/${organizationId}/plan`, { plan });
    newest = revisionOf(answer) ?? newest;
  }
  return newest;
}

/** Everybody by every name, every permission: all are asked, and all say the same. */
async function expectAgreement(
  { database, catalogue, apis, issuer, url }: Installation,
  replicas: readonly Replica[],
  revision: number,
): Promise<void> {
  const naively = await readNaively(database, catalogue);
  const rows = await database.sql<{ id: string }>('select id from member');
  const members = [...people, 'ada@example.com', 'nobody@example.com', ...externalIds, ...rows.map(({ id }) => id)];
  const questions = members.flatMap((member) => everyName.map((name) => questionOf(member, name)));
  const expected = questions.map(
    ({ member, feature, permission }) => naively(member, `${feature}:${permission}`).allowed,
  );
  const [one, other] = apis;

  for (const { access } of apis) {
    const batch = await access.checkMany(questions, { revision });
    expect(batch.map(({ allowed }) => allowed)).toEqual(expected);
  }
  for (const replica of replicas) {
    await replica.current({ revision });
    expect(questions.map((question) => replica.explain(question, { revision }).allowed)).toEqual(expected);
    const handles = members.map((member) => replica.member(member));
    expect(handles.flatMap((handle) => everyName.map((name) => handle.can(...inTwo(name))))).toEqual(expected);
  }
  const singles = questions.filter((_, index) => index % 7 === 0);
  const alone = await Promise.all(singles.map((question) => other.access.check(question, { revision })));
  expect(alone.map(({ allowed }) => allowed)).toEqual(expected.filter((_, index) => index % 7 === 0));

  const tokens = new AccessTokens({ issuer, audience: 'shop', fetch: (asked) => fetch(asked.replace(issuer, url)) });
  for (const member of members) {
    const token = await tokenOf(one, tokens, member, revision);
    expect(
      everyName.map((name) => token?.can(...inTwo(name)) ?? false),
      `the token of ${member}`,
    ).toEqual(everyName.map((name) => naively(member, name).allowed));
  }
}

/** Undefined for who gets none. */
async function tokenOf(
  api: Installation['apis'][number],
  tokens: AccessTokens,
  member: string,
  revision: number,
): Promise<AccessToken | undefined> {
  try {
    const { token } = await api.issueAccessToken({ member, audience: 'shop', ttl: 60 });
    return await tokens.verify(token, { revision });
  } catch (error) {
    if (error instanceof LatchkeyError && error.reason === 'no_active_member') return undefined;
    throw error;
  }
}

const inTwo = (name: string): [string, string] => name.split(':') as [string, string];
const questionOf = (member: string, name: string): AccessQuestion => {
  const [feature, permission] = inTwo(name);
  return { member, feature, permission };
};
