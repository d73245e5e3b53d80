import { expect, test } from 'vitest';
import { explanations } from './linearize.ts';
import { step } from './model.ts';
import type { Answer, Request } from './requests.ts';
import type { Key, State } from './state.ts';
import { visible } from './visible.ts';

const email = 'lena@example.org';
const ada = { key: 'ada', secret: 'ada' };
const accept: Request = { do: 'accept', link: { email, ordinal: 0, generation: 1 } };
const cancel: Request = { do: 'cancel', by: ada, email };
const revoke: Request = { do: 'revoke', by: ada, email };

const adasKey: Key = {
  given: { everything: true, permissions: [] },
  membership: 0,
  bound: false,
  deleted: false,
  secrets: ['ada'],
};
/** Ada owns the organization and has invited Lena. */
const invited: State = {
  plan: 'full',
  seats: null,
  memberships: [
    { email: 'ada@example.org', status: 'active', expired: false, owner: true, everything: true, permissions: [] },
    {
      email,
      status: 'pending',
      expired: false,
      owner: false,
      everything: false,
      permissions: ['contacts:view'],
      invitation: { generation: 1, grantor: 'ada' },
    },
  ],
  keys: { ada: adasKey },
  revision: 0,
  deliveries: 1,
  events: { 'member.invited': 1 },
};

const joined = step(invited, accept).state;
const cancelled = step(invited, cancel).state;
const ok = { status: 200 };
const tooLate = { status: 404, code: 'document_not_found', reason: 'invitation_cancelled' };
const alreadyJoined = { status: 400, code: 'invalid_parameter', reason: 'already_joined' };

test('answers and an end that one order gives are explained by it, however they are listed', () => {
  const first = { request: accept, answer: { status: 200, revision: 1 } };
  const second = { request: cancel, answer: alreadyJoined };
  expect(explanations([invited], [first, second], visible(joined))).toEqual([joined]);
  expect(explanations([invited], [second, first], visible(joined))).toEqual([joined]);
  const other = [
    { request: accept, answer: tooLate },
    { request: cancel, answer: ok },
  ];
  expect(explanations([invited], other, visible(cancelled))).toEqual([cancelled]);
});

test('two requests that both got what only one can have are not explained', () => {
  const both = [
    { request: accept, answer: { status: 200, revision: 1 } },
    { request: cancel, answer: ok },
  ];
  for (const end of [joined, cancelled, invited]) expect(explanations([invited], both, visible(end))).toEqual([]);
});

test('answers of one order with the end of another are not explained', () => {
  const answers = [
    { request: accept, answer: tooLate },
    { request: cancel, answer: ok },
  ];
  expect(explanations([invited], answers, visible(joined))).toEqual([]);
});

test('a revision that was given twice, or skipped, is not explained', () => {
  const gone = step(joined, revoke).state;
  const answered = (first: number, second: number) => [
    { request: accept, answer: { status: 200, revision: first } },
    { request: revoke, answer: { status: 200, revision: second } },
  ];
  expect(explanations([invited], answered(1, 2), visible(gone))).toEqual([gone]);
  expect(explanations([invited], answered(1, 1), visible(gone))).toEqual([]);
  expect(explanations([invited], answered(1, 3), visible(gone))).toEqual([]);
  expect(explanations([invited], answered(1, 2), { ...visible(gone), revision: 3 })).toEqual([]);
});

test('what cannot be seen stays open: after two resends the invitation stands on either’s authority', () => {
  const resend = (key: string): Request => ({ do: 'resend', by: { key, secret: key }, email });
  const withBen: State = { ...invited, keys: { ada: adasKey, ben: { ...adasKey, secrets: ['ben'] } } };
  const end = step(step(withBen, resend('ada')).state, resend('ben')).state;
  const observed = ['ada', 'ben'].map((key) => ({ request: resend(key), answer: ok }));
  const grantors = explanations([withBen], observed, visible(end)).map(
    ({ memberships }) => memberships[1]?.invitation?.grantor,
  );
  expect(grantors.sort()).toEqual(['ada', 'ben']);
});

test('an invitation to a new address may be let in before its sender is revoked and written after, one to a known address may not', () => {
  const tomas = { key: 'tomas', secret: 'tomas' };
  const permissions = ['contacts:view', 'user_management:all'];
  const withTomas: State = {
    ...invited,
    memberships: [
      ...invited.memberships,
      { email: 'tomas@example.org', status: 'active', expired: false, owner: false, everything: false, permissions },
    ],
    keys: { ada: adasKey, tomas: { ...adasKey, membership: 2, bound: true, secrets: ['tomas'] } },
  };
  const offer = { everything: false, privileges: { contacts: ['view'] } };
  const revokeTomas: Request = { do: 'revoke', by: ada, email: 'tomas@example.org' };
  const sendTo = (address: string): Request => ({ do: 'send', by: tomas, email: address, offer });
  const race = (address: string, answer: Answer, end: State) =>
    explanations(
      [withTomas],
      [
        { request: revokeTomas, answer: { status: 200, revision: 1 } },
        { request: sendTo(address), answer },
      ],
      visible(end),
    );

  const revoked = step(withTomas, revokeTomas).state;
  const himself = step(revoked, sendTo('tomas@example.org'), withTomas).state;
  expect(himself.memberships.at(-1)).toMatchObject({ email: 'tomas@example.org', status: 'pending' });
  expect(race('tomas@example.org', ok, himself)).toEqual([himself]);
  expect(
    step(himself, { do: 'accept', link: { email: 'tomas@example.org', ordinal: 0, generation: 1 } }).answer,
  ).toEqual({
    status: 403,
    code: 'permission_denied',
    reason: 'grantor_not_entitled',
  });

  expect(race(email, ok, revoked)).toEqual([revoked]);
  expect(race(email, { status: 403, code: 'permission_denied' }, revoked)).toEqual([revoked]);
  expect(step(revoked, sendTo(email), withTomas).answer.status).toBe(403);
});
