import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readConfig } from '../../server/src/config.ts';
import { startServer } from '../../server/src/server.ts';
import { openBrowser } from '../browser.ts';
import { startMailPeer } from '../mail/mail-peer.ts';
import { startWorld, type World } from '../world.ts';
import { opens } from './join-visitor.ts';
import { linkIn, ownAddress } from './mailbox.ts';

const LATCHKEY_SECRET = 'the-secret-of-both-servers-of-32-characters';

let world: World;
let browser: Browser;
let address: { PORT: string; PUBLIC_URL: string };
beforeAll(async () => {
  address = await ownAddress();
  world = await startWorld({ ...address, LATCHKEY_SECRET });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await world?.stop();
});

const reveal = (email: string) => world.owner.post(`/organization/user/invitation/link/${encodeURIComponent(email)}`);

test('messages wait in the outbox, and a revealed link lets the person in', async () => {
  await world.invite('mei@example.com');
  const { body } = await world.owner.get('/organization/deliveries');
  expect(body.deliveries).toMatchObject([
    { kind: 'invitation', email: 'mei@example.com', state: 'queued', reason: null, attempts: 0, sent_at: null },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/https?:|#/);

  const revealed = await reveal('mei@example.com');
  expect(revealed).toMatchObject({ status: 200, body: { status: 'OK', email: 'mei@example.com' } });
  expect(revealed.headers.get('cache-control')).toBe('no-store');
  expect(revealed.body.link.startsWith(`${address.PUBLIC_URL}/join#`)).toBe(true);
  expect(Date.parse(revealed.body.expires_at)).toBeGreaterThan(Date.now() + 71 * 3_600_000);

  const mei = await opens(browser, revealed.body.link);
  await mei.button('Join').click();
  await mei.reads('You’re in');
  await mei.leaves();
  const list = await world.owner.get('/organization/invited/users?status=active&search=mei');
  expect(list.body.users).toMatchObject([{ email: 'mei@example.com' }]);
  expect((await reveal('mei@example.com')).body).toMatchObject({ code: 'invalid_parameter' });

  const events = await world.owner.get('/organization/activities?email=mei%40example.com');
  expect(events.body.logs.map((event: { action: string }) => event.action)).toEqual([
    'invitation.accepted',
    'invitation.link_revealed',
    'member.invited',
  ]);
});

test('T11: a link is revealed only to who could give all that it carries', async () => {
  await world.invite('powerful@example.com', { all: true });
  const tomas = await world.join('tomas@example.com', { permissions: ['user_management:all', 'contacts:view'] });
  const refused = await tomas.client.post('/organization/user/invitation/link/powerful%40example.com');
  expect(refused).toMatchObject({ status: 403, body: { code: 'permission_denied' } });
  expect(JSON.stringify(refused.body)).not.toContain('#');
  await world.owner.put('/organization/user/invitation/cancel/powerful@example.com');
});

test('a server started later with a mail server sends what had waited, and nothing that is void by then', async () => {
  await world.invite('noor@example.com');
  await world.invite('regretted@example.com');
  await world.owner.put('/organization/user/invitation/cancel/regretted@example.com');
  const before = (await reveal('noor@example.com')).body.link;
  await world.server.stop();

  const peer = await startMailPeer();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-later-'));
  const settings = {
    ...address,
    LATCHKEY_SECRET,
    DATA_DIR: folder,
    DATABASE_URL: world.database.url,
    DATABASE_OWNER_URL: world.database.ownerUrl,
    SMTP_URL: peer.url,
  };
  const later = await startServer(readConfig(settings), pino({ level: 'silent' }));
  try {
    expect(later.firstStart).toBe(false);
    const outbox = await vi.waitFor(
      async () => {
        const { body } = await world.owner.get('/organization/deliveries');
        expect(body.deliveries.every((delivery: { state: string }) => delivery.state !== 'queued')).toBe(true);
        return body.deliveries as { email: string; state: string; reason: string | null }[];
      },
      { timeout: 20_000 },
    );
    expect(outbox.map(({ email, state, reason }) => [email, state, reason])).toEqual([
      ['regretted@example.com', 'failed', 'not sent: the invitation is cancelled'],
      ['noor@example.com', 'sent', null],
      ['powerful@example.com', 'failed', 'not sent: the invitation is cancelled'],
      ['mei@example.com', 'failed', 'not sent: the invitation is joined'],
    ]);
    expect(peer.received.map(({ to }) => to)).toEqual([['noor@example.com']]);

    const [mail] = peer.received;
    if (!mail) throw new Error('no mail has arrived');
    const mailed = linkIn(mail);
    // Two links into the same invitation: the mailed one also proves the mailbox, so they are not the same.
    expect(mailed).not.toBe(before);
    const noor = await opens(browser, mailed);
    await noor.button('Join').click();
    await noor.reads('You’re in');
    await noor.page.goto(before);
    await noor.reads('You have already joined');
    await noor.leaves();
  } finally {
    await later.stop();
    await peer.close();
    rmSync(folder, { recursive: true });
  }
});
