import type { OperationName } from '@latchkey/core/api/index.ts';
import { api } from '@latchkey/core/api/index.ts';
import type { Operation } from '@latchkey/core/api/operation.ts';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import { makeKeySecret } from '@latchkey/core/key-secret.ts';
import type { PermissionName } from '@latchkey/core/permission.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCursor } from '../../server/src/usecases/cursor.ts';
import { type Answer, type Client, client } from '../client.ts';
import { startWorld, type World } from '../world.ts';
import { actors } from './actors.ts';
import { type AnyAsked, preparations } from './preparations.ts';
import { ask, operations, targetOf } from './request.ts';
import { rowsOf } from './rows-of.ts';
import { makePartner, type Stage, setStage } from './stage.ts';

let world: World;
/** Olga’s organization, which another partner created; nobody of any other organization may touch or read it. */
let olgas: Stage;
/** Every id and every address that belongs to it. */
let ids: string[];
let emails: string[];

beforeAll(async () => {
  world = await startWorld();
  // Links are written down here, and there is nobody to mail them.
  world.server.services.signIn.mailsLinks = true;
  olgas = await setStage(world, await makePartner(world));
  await olgas.member('bea', { permissions: ['user_management:all'] });
  await olgas.pending('pia', { permissions: ['user_management:all'] });
  await olgas.pendingOwner('petra');
  await olgas.key(olgas.ada.id, { permissions: ['contacts:view'] });
  const { client: olga } = await olgas.signIn('ada');
  await olgas.passkey('ada');
  const rows = JSON.stringify([
    await rowsOf(world.database, olgas.organizationId),
    (await olga.get('/sessions')).body,
    (await olga.get('/passkeys')).body,
  ]);
  const uuids = rows.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? [];
  ids = [...new Set([...uuids, olgas.partner.id, olgas.partner.keyId])];
  emails = ['ada', 'bea', 'pia', 'petra'].map(olgas.email);
  expect(ids.length).toBeGreaterThanOrEqual(20);
});
afterAll(() => world?.stop());

describe('somebody without a valid key', () => {
  /** All that can be sent instead of a key. */
  const strangers = async (stage: Stage): Promise<Record<string, Client>> => {
    const { cookie } = await stage.signIn('ada');
    const [name = '', secret = ''] = cookie.split('=');
    const ended = await stage.signIn('ada');
    await ended.client.delete('/session');
    const page = (headers: Record<string, string>) =>
      as({ 'latchkey-session': '1', 'organization-id': stage.organizationId, ...headers });
    const as = (headers: Record<string, string>) => client(world.base, headers);
    const unknown = makeKeySecret('api_key', new Uint8Array(32));
    return {
      nothing: as({}),
      'an empty key': as({ 'api-key': '' }),
      'an unknown key': as({ 'api-key': unknown }),
      'an unknown key as bearer': as({ authorization: `Bearer ${unknown}` }),
      'a key with a wrong checksum': as({ 'api-key': `${unknown.slice(0, -1)}x` }),
      'a valid key by another scheme': as({ authorization: `Basic ${stage.ada.secret}` }),
      'a valid key cut short': as({ 'api-key': stage.ada.secret.slice(0, -1) }),
      'a partner key as api key': as({ 'api-key': stage.partner.secret, 'organization-id': stage.organizationId }),
      'an api key as partner key': as({ 'partner-key': stage.ada.secret, 'organization-id': stage.organizationId }),
      'an organization': as({ 'organization-id': stage.organizationId }),
      'a wrong api key beside a valid partner key': as({
        'api-key': unknown,
        'partner-key': stage.partner.secret,
        'organization-id': stage.organizationId,
      }),
      'a wrong api key beside a valid cookie': page({ cookie, 'api-key': unknown }),
      'a wrong partner key beside a valid cookie': page({ cookie, 'partner-key': stage.partner.secret.slice(0, -1) }),
      'a page without a cookie': page({}),
      'an unknown cookie': page({ cookie: `${name}=${'A'.repeat(43)}` }),
      'a cookie cut short': page({ cookie: cookie.slice(0, -1) }),
      'a cookie by another name': page({ cookie: `__Host-${cookie}` }),
      'the cookie of a session that was ended': page({ cookie: ended.cookie }),
      'a cookie that stands twice': page({ cookie: `${cookie}; ${cookie}` }),
      'a valid cookie behind a wrong one': page({ cookie: `${name}=${'A'.repeat(43)}; ${cookie}` }),
      'a valid cookie without the header of our pages': as({ cookie, 'organization-id': stage.organizationId }),
      'a valid cookie with another value of that header': page({ cookie, 'latchkey-session': 'true' }),
      'a valid cookie from another site': page({ cookie, 'sec-fetch-site': 'cross-site' }),
      'a valid cookie from a neighbouring host': page({ cookie, 'sec-fetch-site': 'same-site' }),
      'a valid cookie from another origin': page({ cookie, origin: 'https://evil.example' }),
      'a cookie’s secret as api key': as({ 'api-key': secret }),
      'a cookie’s secret as bearer': as({ authorization: `Bearer ${secret}` }),
      'an api key as cookie': page({ cookie: `${name}=${stage.ada.secret}` }),
    };
  };

  test.each(operations.filter(([, { access }]) => access !== 'public'))(
    '%s answers 401 and nothing else',
    async (name, operation) => {
      const stage = await setStage(world);
      const asked: AnyAsked = await preparations[name](stage);
      const people = await strangers(stage);
      const before = await rowsOf(world.database, stage.organizationId);
      for (const [who, as] of Object.entries(people)) {
        const answer = await ask(as, name, asked);
        expect(answer.status, who).toBe(401);
        if (operation.protocol === 'authzen') {
          expect(answer.body, who).toBeTypeOf('string');
          expect(answer.headers.get('www-authenticate'), who).toBe('Bearer realm="latchkey"');
        } else expect(answer.body, who).toEqual({ code: 'unauthorized', message: expect.any(String) });
      }
      expect(await rowsOf(world.database, stage.organizationId)).toEqual(before);
    },
  );

  test.each(operations.filter(([, { access }]) => access !== 'public'))(
    '%s asks who it is before it reads the request',
    async (name, operation) => {
      const asked: AnyAsked = await preparations[name](await setStage(world));
      if (operation.method !== 'GET')
        expect((await ask(world.anonymous, name, { ...asked, body: { surprise: true } })).status).toBe(401);
      expect((await ask(world.anonymous, name, { ...asked, query: { surprise: true } })).status).toBe(401);
    },
  );

  const takesToken = ({ access, body }: Operation): boolean =>
    access === 'public' && 'token' in (body?.properties ?? {});

  test.each(operations.filter(([, operation]) => takesToken(operation)))(
    '%s answers 404 to whatever is not a token',
    async (name, { tag }) => {
      const asPage = client(world.base, { 'latchkey-session': '1' });
      for (const token of ['x', 'A'.repeat(94), 'A'.repeat(500), ids[0], olgas.organizationId, '../..', '%00'])
        expect(await ask(asPage, name, { body: { token } }), token).toMatchObject({
          status: 404,
          body: {
            code: 'document_not_found',
            details: [{ reason: tag === 'Sign-in' ? 'sign_in_link_unknown' : 'invitation_unknown' }],
          },
        });
    },
  );

  test('a link of one sort opens nothing of the other', async () => {
    const asPage = client(world.base, { 'latchkey-session': '1' });
    const invitation = await olgas.pending('ines');
    const signIn = await olgas.signInToken('ada');
    for (const [name, { tag }] of operations.filter(([, operation]) => takesToken(operation))) {
      const token = tag === 'Sign-in' ? invitation.token : signIn;
      expect((await ask(asPage, name, { body: { token } })).status, name).toBe(404);
    }
  });

  test('a passkey’s answer that answers nothing of ours signs nobody in, and says no more', async () => {
    const asPage = client(world.base, { 'latchkey-session': '1' });
    const { passkey } = await olgas.passkey('ada');
    const answers = [
      passkey.answer({ challenge: 'A'.repeat(43), rpId: 'localhost' }),
      { ...passkey.answer({ challenge: 'A'.repeat(43), rpId: 'localhost' }), id: 'AAAA', rawId: 'AAAA' },
    ];
    for (const response of answers) {
      const answer = await ask(asPage, 'signInWithPasskey', { body: { response } });
      expect(answer).toMatchObject({ status: 403, body: { details: [{ reason: 'passkey_refused' }] } });
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
  });

  const begins = operations.filter(([, { session }]) => session === 'starts').map(([name]) => name);

  test.each(begins)('%s begins no session but for a page of ours', async (name) => {
    const stage = await setStage(world);
    const asked: AnyAsked = await preparations[name](stage);
    const pages = [{}, { 'latchkey-session': '1', 'sec-fetch-site': 'cross-site' }, { 'api-key': stage.ada.secret }];
    for (const headers of pages) {
      const answer = await ask(client(world.base, headers), name, asked);
      expect(answer).toMatchObject({ status: 403, body: { details: [{ reason: 'not_our_page' }] } });
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
    expect((await ask(client(world.base, { 'latchkey-session': '1' }), name, asked)).headers.has('set-cookie')).toBe(
      true,
    );
  });

  test('no operation is public but the three of an invitation’s token, those of signing in, and four about nobody', () => {
    const open = operations.filter(([, { access }]) => access === 'public').map(([name]) => name);
    expect(open.sort()).toEqual([
      'acceptInvitation',
      'beginPasskeySignIn',
      'declineInvitation',
      'describeDecisionPoint',
      'describeSignIn',
      'getAccessVocabulary',
      'getSigningKeys',
      'inspectInvitation',
      'inspectSignIn',
      'requestSignIn',
      'signIn',
      'signInWithPasskey',
    ]);
  });

  test('what is public and about nobody says the same to everybody', async () => {
    const stage = await setStage(world);
    const { client: page } = await stage.signIn('ada');
    for (const name of ['describeDecisionPoint', 'describeSignIn', 'getAccessVocabulary', 'getSigningKeys'] as const) {
      const [anonymous, ...others] = await Promise.all(
        [world.anonymous, stage.ada.client, olgas.ada.client, page].map((as) => ask(as, name, {})),
      );
      expect(anonymous?.status, name).toBe(200);
      for (const answer of others) expect(answer.body, name).toEqual(anonymous?.body);
    }
  });
});

describe('T8 ids and addresses of another organization', () => {
  const insiders = actors.filter(({ foreign }) => !foreign);

  test.each(operations.map(([name]) => name))(
    '%s neither changes nor shows it, whoever asks',
    { timeout: 240_000 },
    async (name) => {
      for (const actor of insiders) {
        const stage = await setStage(world);
        const as = await actor.make(stage);
        const own: AnyAsked = await preparations[name](stage);
        const before = await rowsOf(world.database, olgas.organizationId);
        for (const { asked, sent } of pointedElsewhere(name, own)) {
          const answer = await ask(as, name, asked);
          const shown = JSON.stringify(answer.body);
          for (const theirs of [...ids, ...emails, olgas.name])
            if (!sent.includes(theirs)) expect(shown, `${actor.column}: ${theirs}`).not.toContain(theirs);
          const named = sent.some((value) => ids.includes(value));
          if (named) expectNothing(answer, `${actor.column}: ${JSON.stringify(asked)}`);
        }
        expect(await rowsOf(world.database, olgas.organizationId), actor.column).toEqual(before);
      }
    },
  );

  test.each(operations.filter(([, { access }]) => access !== 'public').map(([name]) => name))(
    '%s does not follow the header organization-id out of the key’s own organization',
    { timeout: 240_000 },
    async (name) => {
      for (const actor of insiders) {
        const stage = await setStage(world);
        const as = await actor.make(stage);
        const asked: AnyAsked = await preparations[name](stage);
        const before = await rowsOf(world.database, olgas.organizationId);
        const answer = await ask(as, name, asked, { 'organization-id': olgas.organizationId });
        expect(await rowsOf(world.database, olgas.organizationId), actor.column).toEqual(before);
        for (const theirs of [...ids, ...emails]) expect(JSON.stringify(answer.body)).not.toContain(theirs);
        if (actor.column.startsWith('partner') && api[name].access !== 'partner') expect(answer.status).toBe(403);
        if (actor.column.endsWith('page') && api[name].access !== 'session')
          expect([401, 403], actor.column).toContain(answer.status);
      }
    },
  );
});

describe('T9 a body that names somebody else', () => {
  const foreignNames = [
    'organization_id',
    'organizationId',
    'organization',
    'user_id',
    'userId',
    'member_id',
    'memberId',
    'partner_id',
    'partnerId',
    'actor',
    'as',
    'is_owner',
    'owner',
    'bound',
    'status',
    'role',
    '__proto__',
    'constructor',
  ];

  const authzen = operations.filter(([, { protocol }]) => protocol === 'authzen');

  test.each(authzen)('%s passes it over, as AuthZEN wants it, and answers the same', async (name, operation) => {
    const stage = await setStage(world);
    const asked: AnyAsked = await preparations[name](stage);
    const plain = await ask(stage.ada.client, name, asked);
    expect(plain.status).toBe(200);
    for (const foreign of foreignNames) {
      const answers = [await ask(stage.ada.client, name, { ...asked, query: { [foreign]: olgas.organizationId } })];
      if (operation.method === 'POST')
        answers.push(
          await stage.ada.client.send('POST', targetOf(operation), withMember(asked.body, foreign, olgas.ada.id)),
        );
      for (const { status, body } of answers)
        expect({ status, body }, foreign).toEqual({ status: 200, body: plain.body });
    }
  });

  test.each(operations.filter(([, { protocol }]) => protocol === undefined))(
    '%s refuses it as an unknown parameter',
    async (name, operation) => {
      const stage = await setStage(world);
      const as = await whoMay(operation, stage);
      const asked: AnyAsked = await preparations[name](stage);
      const before = [
        await rowsOf(world.database, stage.organizationId),
        await rowsOf(world.database, olgas.organizationId),
      ];
      const answers = await Promise.all(
        foreignNames.flatMap((foreign) => [
          ...(operation.method === 'GET'
            ? []
            : [as.send(operation.method, pathFor(operation, asked), withMember(asked.body, foreign, olgas.ada.id))]),
          ...(foreign in (operation.query?.properties ?? {})
            ? []
            : [ask(as, name, { ...asked, query: { ...asked.query, [foreign]: olgas.organizationId } })]),
        ]),
      );
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
        expect(['unknown_parameter', 'unexpected_body']).toContain(answer.body.details[0].reason);
      }
      expect([
        await rowsOf(world.database, stage.organizationId),
        await rowsOf(world.database, olgas.organizationId),
      ]).toEqual(before);
    },
  );
});

describe('T10 one permission is needed for each thing, and no other stands in for it', () => {
  const all = Object.entries(builtInCatalogue.features).flatMap(([feature, { permissions }]) =>
    Object.keys(permissions).map((permission): PermissionName => `${feature}:${permission}`),
  );
  const guarded = operations.filter(([, { access }]) =>
    ['members', 'api_keys', 'activities', 'access_checks'].includes(access),
  );

  test.each(guarded)(
    '%s is refused to whoever holds everything but its permission',
    async (name, { access, protocol }) => {
      const needed = builtInCatalogue.administration[access as keyof typeof builtInCatalogue.administration];
      const stage = await setStage(world);
      const without = await stage.member('sam', { permissions: all.filter((permission) => permission !== needed) });
      const asked: AnyAsked = await preparations[name](stage);
      const before = await rowsOf(world.database, stage.organizationId);
      const answer = await ask(without.client, name, asked);
      const forbidden = { code: 'permission_denied', message: 'Access forbidden.' };
      expect(answer).toMatchObject({ status: 403, body: protocol === 'authzen' ? forbidden.message : forbidden });
      const after = await rowsOf(world.database, stage.organizationId);
      for (const table of ['audit_event', 'audit_person']) for (const dump of [before, after]) delete dump[table];
      expect(after).toEqual(before);

      const only = await stage.member('tomas', { permissions: all });
      expect((await ask(only.client, name, asked)).status).toBeLessThan(300);
    },
  );
});

/** Somebody whom an operation does not refuse before it reads the request. */
async function whoMay({ access, session }: Operation, stage: Stage): Promise<Client> {
  if (access === 'partner') return stage.partner.client;
  return access === 'session' || session === 'starts' ? (await stage.signIn('ada')).client : stage.ada.client;
}

/** Whoever names somebody of another organization is refused; access checks answer that there is no such person. */
function expectNothing({ status, body }: Answer, about: string): void {
  if (status >= 400) return;
  const decisions = (body.evaluations ?? [body]).map((one: { decision?: boolean }) => one.decision);
  if (body.results === undefined) expect(new Set(decisions), about).toEqual(new Set([false]));
}

/** The request once for each id and address of Olga’s organization in each place that takes one, alone and encoded. */
function pointedElsewhere(name: OperationName, own: AnyAsked): { asked: AnyAsked; sent: string[] }[] {
  const operation: Operation = api[name];
  const variants: { asked: AnyAsked; sent: string[] }[] = [{ asked: own, sent: [] }];
  for (const part of ['params', 'body', 'query'] as const) {
    for (const field of Object.keys(operation[part]?.properties ?? {})) {
      const put = (value: string): AnyAsked => ({ ...own, [part]: { ...own[part], [field]: value } });
      if (field === 'id' || field === 'token') variants.push(...ids.map((id) => ({ asked: put(id), sent: [id] })));
      if (field === 'subject') {
        const subject = (id: string): AnyAsked => ({ ...own, body: { ...own.body, subject: { type: 'user', id } } });
        variants.push(...[...ids, ...emails].map((id) => ({ asked: subject(id), sent: [id] })));
      }
      if (field === 'member') variants.push(...[...ids, ...emails].map((id) => ({ asked: put(id), sent: [id] })));
      if (field === 'emails')
        variants.push(
          ...emails.map((email) => ({ asked: { ...own, body: { ...own.body, emails: [email] } }, sent: [email] })),
        );
      if (field === 'email' || field === 'search')
        variants.push(...emails.map((email) => ({ asked: put(email), sent: [email] })));
      if (field === 'cursor')
        for (const list of ['activities', 'deliveries'])
          variants.push(...ids.slice(0, 5).map((id) => ({ asked: put(writeCursor(list, [id])), sent: [] })));
    }
  }
  return variants;
}

function pathFor(operation: Operation, { params = {} }: AnyAsked): string {
  return operation.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => encodeURIComponent(String(params[field])));
}

/** Written as text, since an object literal cannot carry a member named __proto__. */
function withMember(body: Record<string, unknown> | undefined, name: string, value: string): string {
  const rest = JSON.stringify(body ?? {}).slice(1, -1);
  return `{${rest}${rest === '' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}}`;
}
