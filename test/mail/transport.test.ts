import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import {
  createSmtpTransport,
  MailError,
  type MailTransport,
  type OutgoingMail,
  type SmtpOptions,
} from '../../server/src/mail/transport.ts';
import { localhostCertificate, type MailPeer, type MailPeerOptions, refusal, startMailPeer } from './mail-peer.ts';

const from = 'Latchkey <no-reply@latchkey.example>';
const mail: OutgoingMail = {
  messageId: '<invitation-1.2@latchkey.example>',
  from,
  to: 'grace@example.com',
  subject: 'Ada invited you to Analytical Engines',
  text: 'Hello Grace,\n.\na line of one dot above must not end the message\n',
  html: '<p>Hello Grace</p>',
  date: new Date('2026-11-21T10:30:00Z'),
};

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

beforeAll(() => {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), localhostCertificate]);
});

async function peerWith(options: MailPeerOptions = {}): Promise<MailPeer> {
  const peer = await startMailPeer(options);
  open.push(peer);
  return peer;
}

function transportTo(url: string, options: Partial<SmtpOptions> = {}): MailTransport {
  const transport = createSmtpTransport({ url, from, ...options });
  open.push(transport);
  return transport;
}

async function failureOf(sending: Promise<void>): Promise<MailError> {
  const error: unknown = await sending.then(
    () => new Error('it was sent'),
    (failure: unknown) => failure,
  );
  if (!(error instanceof MailError)) throw error;
  return error;
}

test('a mail arrives as it was written, under the Message-ID and date given', async () => {
  const peer = await peerWith();
  await transportTo(peer.url).send(mail);
  const [arrived] = peer.received;
  expect(arrived).toMatchObject({ from: 'no-reply@latchkey.example', to: ['grace@example.com'], smtpUtf8: false });
  expect(arrived?.parsed).toMatchObject({ messageId: mail.messageId, subject: mail.subject, date: mail.date });
  expect(arrived?.parsed.from?.text).toBe('"Latchkey" <no-reply@latchkey.example>');
  expect(arrived?.parsed.text).toBe(mail.text);
  expect(arrived?.parsed.html).toBe(mail.html);
  expect(arrived?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
});

test('a second attempt carries the same Message-ID, so a duplicate can be recognized', async () => {
  const peer = await peerWith();
  const transport = transportTo(peer.url);
  await transport.send(mail);
  await transport.send(mail);
  expect(peer.received.map(({ parsed }) => parsed.messageId)).toEqual([mail.messageId, mail.messageId]);
});

test('connections are kept and shared by many mails', async () => {
  const peer = await peerWith();
  const transport = transportTo(peer.url);
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => transport.send({ ...mail, messageId: `<${n}@latchkey.example>` })),
  );
  expect(peer.received).toHaveLength(40);
  expect(peer.connections()).toBeLessThanOrEqual(5);
});

test('a connection that the server dropped while idle is replaced without a failure', async () => {
  const peer = await peerWith();
  const transport = transportTo(peer.url);
  await transport.send(mail);
  peer.dropConnections();
  await transport.send(mail);
  expect(peer.received).toHaveLength(2);
  expect(peer.connections()).toBe(2);
});

test('names in subject and sender are encoded and cannot add a header', async () => {
  const peer = await peerWith();
  const hostile = 'Zoë\r\nBcc: everybody@example.com\r\n\r\n<b>body</b> 💜';
  await transportTo(peer.url).send({
    ...mail,
    subject: hostile,
    from: `"Zoë\r\nBcc: everybody@example.com" <no-reply@latchkey.example>`,
    messageId: '<1@latchkey.example>\r\nBcc: everybody@example.com',
  });
  const [arrived] = peer.received;
  expect(arrived?.to).toEqual(['grace@example.com']);
  expect(arrived?.parsed.headers.has('bcc')).toBe(false);
  expect(arrived?.parsed.subject).toMatch(/^Zoë Bcc: everybody@example.com +<b>body<\/b> 💜$/);
  const header = arrived?.raw.split('\r\n\r\n')[0] ?? '';
  expect(header).not.toMatch(/^bcc:/im);
  expect(header).not.toMatch(/[^\0-\x7f]/);
});

test('an address that would mean several people, or none, is refused for good before anything is sent', async () => {
  const peer = await peerWith();
  const transport = transportTo(peer.url);
  for (const to of [
    'a@example.com, b@example.com',
    'a@example.com\r\nRCPT TO:<b@example.com>',
    '<a@example.com>',
    '',
  ]) {
    expect(await failureOf(transport.send({ ...mail, to }))).toMatchObject({ permanent: true });
  }
  expect(peer.connections()).toBe(0);
});

test('logs in, and encrypts with STARTTLS where the server offers it', async () => {
  const peer = await peerWith({
    authOptional: false,
    disabledCommands: [],
    onAuth: ({ username, password }, _session, done) =>
      password === 'p@ss word' ? done(null, { user: username ?? '' }) : done(refusal(535, 'no')),
  });
  await transportTo(`smtp://postman:p%40ss%20word@127.0.0.1:${peer.port}`).send(mail);
  expect(peer.received[0]).toMatchObject({ user: 'postman', secure: true });
});

test('takes a certificate that nobody vouches for only where encryption is opportunistic', async () => {
  const cert = localhostCertificate;
  tls.setDefaultCACertificates(tls.getCACertificates('bundled'));
  try {
    const peer = await peerWith({ disabledCommands: [], key: cert, cert });
    await transportTo(peer.url).send(mail);
    expect(peer.received[0]).toMatchObject({ secure: true });
    const failure = await failureOf(transportTo(`smtp://localhost:${peer.port}?tls=required`).send(mail));
    expect(failure).toMatchObject({
      permanent: false,
      reason: 'no encrypted connection to the mail server: DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  } finally {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
  }
});

test('tls=required encrypts with a checked certificate', async () => {
  const peer = await peerWith({ disabledCommands: [] });
  await transportTo(`smtp://localhost:${peer.port}?tls=required`).send(mail);
  expect(peer.received[0]).toMatchObject({ secure: true });
});

test('tls=required refuses a server that offers no STARTTLS, and may be tried again', async () => {
  const peer = await peerWith();
  const failure = await failureOf(transportTo(`${peer.url}?tls=required`).send(mail));
  expect(failure.permanent).toBe(false);
  expect(failure.reason).toMatch(/^no encrypted connection to the mail server/);
  expect(peer.received).toEqual([]);
});

test('tls=never stays in the clear though the server offers STARTTLS', async () => {
  const peer = await peerWith({ disabledCommands: [] });
  await transportTo(`${peer.url}?tls=never`).send(mail);
  expect(peer.received[0]).toMatchObject({ secure: false });
});

test('smtps:// speaks TLS from the first byte', async () => {
  const peer = await peerWith({ secure: true });
  await transportTo(`smtps://localhost:${peer.port}`).send(mail);
  expect(peer.received[0]).toMatchObject({ secure: true });
});

test('a refused login says so without the password and may be tried again', async () => {
  const peer = await peerWith({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      done(refusal(535, `5.7.8 ${username} with ${password} is wrong`)),
  });
  const failure = await failureOf(transportTo(`smtp://postman:hunter22@127.0.0.1:${peer.port}`).send(mail));
  expect(failure.permanent).toBe(false);
  expect(failure.reason).toMatch(/^the mail server refused the login: 535 5\.7\.8 … with … is wrong$/);
});

test('a refused recipient is permanent and says the server’s code and words', async () => {
  const peer = await peerWith({
    recipient: () => {
      throw refusal(550, '5.1.1 No such user here');
    },
  });
  const failure = await failureOf(transportTo(peer.url).send(mail));
  expect(failure).toMatchObject({ permanent: true, reason: '550 5.1.1 No such user here' });
});

test('a deferred recipient and a server that asks for patience are temporary', async () => {
  const greylisting = await peerWith({
    recipient: () => {
      throw refusal(451, '4.7.1 Greylisted, try again in 5 minutes');
    },
  });
  expect(await failureOf(transportTo(greylisting.url).send(mail))).toMatchObject({
    permanent: false,
    reason: '451 4.7.1 Greylisted, try again in 5 minutes',
  });
  const closing = await peerWith({ onConnect: (_session, done) => done(refusal(421, 'closing for maintenance')) });
  expect(await failureOf(transportTo(closing.url).send(mail))).toMatchObject({ permanent: false });
});

test('a server that will not talk to us yet is temporary, because an operator can repair that', async () => {
  const peer = await peerWith({ onConnect: (_session, done) => done(refusal(554, '5.7.1 your address is listed')) });
  const failure = await failureOf(transportTo(peer.url).send(mail));
  expect(failure.permanent).toBe(false);
  expect(failure.reason).toContain('554 5.7.1 your address is listed');
});

test('a message refused for its content is permanent; the reason repeats neither link nor token and stays short', async () => {
  const token = 'AQ'.repeat(47);
  const link = `https://latchkey.example/join#${token}`;
  const peer = await peerWith({
    message: () => {
      throw refusal(554, `5.7.1 Blocked because of ${link} and ${token} ${'very '.repeat(100)}\u0007\u202e long`);
    },
  });
  const failure = await failureOf(transportTo(peer.url).send({ ...mail, text: link }));
  expect(failure.permanent).toBe(true);
  expect(failure.reason).toMatch(/^554 5\.7\.1 Blocked because of … and … very/);
  expect(failure.reason.length).toBeLessThanOrEqual(200);
  expect(failure.reason).not.toMatch(/AQAQ|\p{Cc}|\p{Cf}/u);
});

test('a refused mail does not hold up the next one', async () => {
  const peer = await peerWith({
    recipient: (address) => {
      if (address.startsWith('nobody@')) throw refusal(550, '5.1.1 No such user here');
    },
  });
  const transport = transportTo(peer.url);
  await failureOf(transport.send({ ...mail, to: 'nobody@example.com' }));
  await transport.send(mail);
  expect(peer.received).toHaveLength(1);
});

test('an address with letters beyond ASCII goes out by SMTPUTF8', async () => {
  const peer = await peerWith();
  await transportTo(peer.url).send({ ...mail, to: 'zoë@xn--bcher-kva.example' });
  // The domain in letters is the same domain, and just as right in an internationalized mail.
  expect(peer.received[0]?.to.join()).toMatch(/^zoë@(xn--bcher-kva|bücher)\.example$/);
  expect(peer.received[0]?.raw).toMatch(/^To: zoë@(xn--bcher-kva|bücher)\.example\r$/m);
  expect(peer.received[0]?.smtpUtf8).toBe(true);
});

test('an address with letters beyond ASCII fails for good, and clearly, where the server lacks SMTPUTF8', async () => {
  const peer = await peerWith({ hideSMTPUTF8: true });
  const transport = transportTo(peer.url);
  const failure = await failureOf(transport.send({ ...mail, to: 'zoë@example.com' }));
  expect(failure.permanent).toBe(true);
  expect(failure.reason).toMatch(/^5\.6\.7 .*SMTPUTF8/);
  expect(peer.received).toEqual([]);
  await transport.send(mail);
  expect(peer.received).toHaveLength(1);
});

test('a server that cannot be reached is temporary, and its address stays with us', async () => {
  const peer = await startMailPeer();
  await peer.close();
  for (const to of ['grace@example.com', 'zoë@example.com']) {
    const failure = await failureOf(transportTo(peer.url).send({ ...mail, to }));
    expect(failure).toMatchObject({ permanent: false, reason: 'the mail server could not be reached: ECONNREFUSED' });
  }
});

test('a server that never answers costs a bounded time', async () => {
  const silent = await deafServer(() => {});
  const started = performance.now();
  const failure = await failureOf(transportTo(silent, { silence: 150 }).send(mail));
  expect(failure).toMatchObject({ permanent: false, reason: 'the mail server did not answer in time' });
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('a server that trickles its greeting for ever costs a bounded time', async () => {
  const trickling = await deafServer((socket) => {
    const drip = setInterval(() => socket.write('220-still here\r\n'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const started = performance.now();
  const transport = transportTo(trickling, { silence: 60_000, deadline: 400 });
  expect(await failureOf(transport.send(mail))).toMatchObject({
    permanent: false,
    reason: 'the mail server took too long',
  });
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('the question for SMTPUTF8 is bounded by the deadline too', async () => {
  const trickling = await deafServer((socket) => {
    const drip = setInterval(() => socket.write('220-still here\r\n'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const transport = transportTo(trickling, { silence: 60_000, deadline: 400 });
  expect(await failureOf(transport.send({ ...mail, to: 'zoë@example.com' }))).toMatchObject({
    permanent: false,
    reason: 'the mail server took too long',
  });
});

test('closing waits for the mail under way', async () => {
  const peer = await peerWith();
  const transport = createSmtpTransport({ url: peer.url, from });
  const sending = transport.send(mail);
  await transport.close();
  await sending;
  expect(peer.received).toHaveLength(1);
  expect(await failureOf(transport.send(mail))).toMatchObject({ permanent: false });
});

test('a sender’s address that cannot be used is an error at once', () => {
  for (const wrong of ['Latchkey', 'Latchkey <>', 'a@b@c', '']) {
    expect(() => createSmtpTransport({ url: 'smtp://localhost', from: wrong })).toThrow(/expected an address/);
  }
});

/** Accepts connections and does with them as told, but never speaks SMTP. */
async function deafServer(onConnection: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
