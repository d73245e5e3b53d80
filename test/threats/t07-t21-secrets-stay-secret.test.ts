import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyAsked, preparations } from '../access/preparations.ts';
import { ask, operations } from '../access/request.ts';
import { type Stage, setStage } from '../access/stage.ts';
import { type Client, client } from '../client.ts';
import { type MailPeer, refusal, startMailPeer } from '../mail/mail-peer.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let peer: MailPeer;
let stage: Stage;
/** Every token, link and key that was ever handed out. */
const secrets = new Set<string>();
/** Answers of operations that are not there to hand out a secret. */
const answers: string[] = [];

beforeAll(async () => {
  // A mail server that repeats what it refuses, link and all, as content filters do.
  peer = await startMailPeer({
    message: (mail) => {
      const link = /http\S+#\S+/.exec(mail.text ?? '')?.[0] ?? '';
      const token = link.slice(link.indexOf('#') + 1);
      if (mail.text && JSON.stringify(mail.to).includes('filtered'))
        throw refusal(550, `5.7.1 blocked: ${link} ${token}`);
      if (mail.text && JSON.stringify(mail.to).includes('later'))
        throw refusal(451, `4.7.1 greylisted ${token} (${link})`);
    },
  });
  world = await startWorld({ SMTP_URL: peer.url });
  stage = await setStage(world);
  await live();
});
afterAll(async () => {
  await world?.stop();
  await peer?.close();
});

describe('T7 tokens, links and keys', () => {
  test('were handed out in this story', () => {
    expect([...secrets].filter((secret) => secret.length >= 90).length).toBeGreaterThan(8);
    expect([...secrets].filter((secret) => secret.startsWith('lk')).length).toBeGreaterThan(5);
  });

  test('stand in no list, log of activities, delivery or error', async () => {
    const partner = stage.partner.inOrganization(stage.organizationId);
    for (const [name, operation] of operations)
      if (operation.method === 'GET')
        for (const as of [stage.ada.client, partner]) {
          const asked: AnyAsked =
            name === 'getMemberPermissions'
              ? { params: { email: stage.email('mei') } }
              : await preparations[name](stage);
          answers.push(JSON.stringify((await ask(as, name, asked)).body));
          if (name === 'getMemberPermissions')
            answers.push(JSON.stringify((await ask(as, name, { ...asked, query: { view: 'labels' } })).body));
        }
    expect(answers.join()).toContain('filtered');
    expect(leaked(answers.join('\n'))).toEqual([]);
  });

  test('stand nowhere in the database', async () => {
    const tables = await world.database.sql<{ name: string }>(
      `select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace`,
    );
    for (const { name } of tables) {
      const rows = await world.database.sql<{ row: string }>(`select t::text as row from "${name}" t`);
      const text = rows.map(({ row }) => row).join('\n');
      const decoded = text.replaceAll(/\\x([0-9a-f]+)/g, (_, hex: string) =>
        Buffer.from(hex, 'hex').toString('latin1'),
      );
      expect({ name, leaked: leaked(text + decoded) }).toEqual({ name, leaked: [] });
    }
  });

  test('a mail server that repeats the link does not bring it into the list of deliveries', async () => {
    const { body } = await stage.ada.client.get('/organization/deliveries');
    const reasons = Object.fromEntries(
      body.deliveries.map((delivery: { email: string; reason: string | null }) => [delivery.email, delivery.reason]),
    );
    expect(reasons[stage.email('filtered')]).toMatch(/550.*blocked/);
    expect(reasons[stage.email('later')]).toMatch(/451.*greylisted/);
    expect(leaked(JSON.stringify(body))).toEqual([]);
  });
});

describe('T21 tokens, links and keys', () => {
  test('stand in no line of the log, whatever went wrong with them', async () => {
    const token = [...secrets].find((secret) => /^[\w-]{94}$/.test(secret)) ?? '';
    await world.database.sql(`
      create function fail() returns trigger language plpgsql as $$ begin raise exception 'out of order'; end $$;
      create trigger fail before insert on audit_person for each row execute function fail()`);
    const fresh = await world.token(stage.email('fresh'), stage.organizationId);
    secrets.add(fresh);
    const failed = [
      await world.anonymous.post('/organization/user/invitation/accept', { token: fresh }),
      await stage.ada.client.post('/organization/api-keys', { name: 'x', all_features_access: true }),
      await stage.ada.client.post(`/organization/user/invitation/link/${stage.email('fresh')}`),
      await stage.partner.client.post('/corporate/partner-keys', { name: 'x' }),
    ];
    expect(failed.map(({ status }) => status)).toEqual([500, 500, 500, 500]);
    await world.database.sql('drop trigger fail on audit_person');

    const origin = new URL(world.base).origin;
    for (const path of [
      `/join?token=${token}`,
      `/join/${token}`,
      `/v3/${token}`,
      `/v3/organization/user/${token}/permissions`,
    ])
      for (const method of ['GET', 'POST', 'PUT'])
        await fetch(origin + path, {
          method,
          headers: { 'api-key': stage.ada.secret, referer: `${origin}/join#${token}` },
        });
    await world.anonymous.post('/organization/user/invitation/accept', `{"token":"${token}`);
    await world.anonymous.post('/organization/user/invitation/accept', { token, [token]: token });
    await world.anonymous.post('/organization/user/invitation/accept', { token }, { 'idempotency-key': token });

    expect(world.logged()).toContain('request failed');
    expect(world.logged()).toContain('a message was not taken');
    expect(leaked(world.logged())).toEqual([]);
  });

  test('the link carries the token in its fragment, which no server is sent', async () => {
    const link = [...secrets].find((secret) => secret.startsWith('http')) ?? '';
    const url = new URL(link);
    expect(url.hash.length).toBeGreaterThan(90);
    expect(url.search).toBe('');
    expect(url.pathname).toBe('/join');
  });

  test.each(['/join', '/join/join.js', '/join/join.css'])('%s sends no referrer and asks nobody else', async (path) => {
    const { headers, status } = await fetch(new URL(world.base).origin + path);
    expect(status).toBe(200);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe|\*|https?:/);
    expect(headers.get('set-cookie')).toBeNull();
    if (path === '/join') expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each(operations)('%s answers with no-store, whether it succeeds or not', async (name, { access }) => {
    const { as, asked } = await somebodyWhoMay(name, access);
    for (const answer of [
      await ask(as, name, asked),
      await ask(world.as('wrong'), name, { ...asked, body: {} }).catch(() => null),
    ])
      if (answer) expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

/** Whatever of the secrets stands in a text; the signature alone would be enough to be one. */
const leaked = (text: string): string[] =>
  [...secrets].filter((secret) => text.includes(secret) || text.includes(secret.slice(-40)));

async function somebodyWhoMay(
  name: (typeof operations)[number][0],
  access: string,
): Promise<{ as: Client; asked: AnyAsked }> {
  const own = await setStage(world);
  return {
    as: access === 'partner' ? own.partner.client : own.ada.client,
    asked: await preparations[name](own),
  };
}

/** A life of invitations and keys, in which every secret there is gets handed out once. */
async function live(): Promise<void> {
  const { ada, partner } = stage;
  for (const secret of [ada.secret, stage.grace.secret, partner.secret, world.ownerKey, world.partnerKey])
    secrets.add(secret);
  const note = (answer: { status: number; body: { key?: string; link?: string } }): void => {
    expect(answer.status).toBeLessThan(300);
    for (const secret of [answer.body.key, answer.body.link]) if (secret !== undefined) secrets.add(secret);
    if (answer.body.link !== undefined) secrets.add(answer.body.link.slice(answer.body.link.indexOf('#') + 1));
  };
  for (const name of ['mei', 'noor', 'tomas', 'wen', 'fresh', 'filtered', 'later'])
    secrets.add((await stage.pending(name)).token);
  for (const name of ['mei', 'fresh']) {
    const path = `/organization/user/invitation/link/${stage.email(name)}`;
    note(await ada.client.post(path, undefined, { 'idempotency-key': name }));
  }
  answers.push(JSON.stringify(await ada.client.put(`/organization/user/invitation/resend/${stage.email('mei')}`)));
  secrets.add(await world.token(stage.email('mei'), stage.organizationId));

  for (const [name, verb] of [
    ['noor', 'accept'],
    ['tomas', 'decline'],
  ] as const) {
    const token = await world.token(stage.email(name), stage.organizationId);
    for (const action of ['inspect', verb, verb])
      answers.push(
        JSON.stringify(
          await world.anonymous.post(
            `/organization/user/invitation/${action}`,
            { token },
            { 'idempotency-key': action },
          ),
        ),
      );
  }
  answers.push(JSON.stringify(await ada.client.put(`/organization/user/invitation/cancel/${stage.email('wen')}`)));

  const made = await ada.client.post(
    '/organization/api-keys',
    { name: 'Reports', all_features_access: true },
    { 'idempotency-key': 'key' },
  );
  note(made);
  note(await ada.client.post(`/organization/api-keys/${made.body.id}/rotate`, {}));
  answers.push(JSON.stringify(await ada.client.post(`/organization/api-keys/${made.body.id}/adopt`)));
  note(await partner.client.post('/corporate/partner-keys', { name: 'Second' }));
  note(await partner.client.post(`/corporate/partner-keys/${partner.keyId}/rotate`, { overlap_seconds: 600 }));
  note(await partner.client.post('/corporate/subAccount/key', { id: stage.organizationId, name: 'Integration' }));
  for (const wrong of [...secrets].slice(0, 12)) {
    answers.push(
      JSON.stringify((await client(world.base, { 'partner-key': `${wrong.slice(0, -1)}!` }).get('/account')).body),
    );
    answers.push(JSON.stringify((await ada.client.put('/organization', { redirect_url: 5, name: 7 })).body));
  }
  // Until the mail server has refused what it refuses.
  for (let tries = 0; tries < 600; tries++) {
    const { body } = await ada.client.get('/organization/deliveries');
    const waiting = body.deliveries.filter((delivery: { attempts: number }) => delivery.attempts === 0);
    const refused = body.deliveries.filter((delivery: { reason: string | null }) =>
      /blocked|greylisted/.test(delivery.reason ?? ''),
    );
    if (waiting.length === 0 && refused.length === 2) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the mail was not tried');
}
