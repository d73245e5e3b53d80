import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localhostCertificate } from '../mail/mail-peer.ts';
import { ownAddress } from '../mailbox/mailbox.ts';
import { type Office, openOffice } from './open-console.ts';

let office: Office;
let proxy: { origin: string; close(): Promise<void> };
beforeAll(async () => {
  const { PORT } = await ownAddress();
  proxy = await startProxy(Number(PORT));
  office = await openOffice({ PORT, PUBLIC_URL: proxy.origin, TRUST_PROXY: '127.0.0.1' });
});
afterAll(async () => {
  await office?.close();
  await proxy?.close();
});

test('behind a proxy that ends TLS one signs in, and the cookie travels over https only', async () => {
  const link = office.world.server.ownerLink ?? '';
  expect(link.startsWith(`${proxy.origin}/console/sign-in#`)).toBe(true);
  const ada = await office.window({ ignoreHTTPSErrors: true });
  await ada.page.goto(link);
  await ada.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await ada.reads('People');
  expect(ada.page.url().startsWith(`${proxy.origin}/console/o/`)).toBe(true);
  const [cookie, ...others] = await ada.context.cookies();
  expect(others).toEqual([]);
  expect(cookie).toMatchObject({ name: '__Host-latchkey-session', secure: true, httpOnly: true, sameSite: 'Strict' });

  await ada.page.goto(`${proxy.origin}/console/account`);
  // As the proxy says, which is believed because of TRUST_PROXY.
  await ada.page.getByText('from 203.0.113.9').waitFor();
  await ada.page.getByRole('button', { name: 'Add a passkey' }).waitFor();
  await ada.leaves();
});

async function startProxy(port: number): Promise<typeof proxy> {
  const certificate = { key: localhostCertificate, cert: localhostCertificate };
  const server = createServer(certificate, (incoming, outgoing) => {
    const headers = { ...incoming.headers, 'x-forwarded-for': '203.0.113.9' };
    const passedOn = request(
      { host: '127.0.0.1', port, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passedOn.on('error', () => outgoing.destroy());
    incoming.pipe(passedOn);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
