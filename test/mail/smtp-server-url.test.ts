import { expect, test } from 'vitest';
import { parseSmtpUrl } from '../../server/src/mail/smtp-server-url.ts';

test('a plain URL means the submission port and encryption where it is offered', () => {
  expect(parseSmtpUrl('smtp://mail.example.com')).toEqual({
    host: 'mail.example.com',
    port: 587,
    encryption: 'opportunistic',
    credentials: undefined,
  });
});

test('smtps:// means TLS from the start, on its own port', () => {
  expect(parseSmtpUrl('smtps://mail.example.com')).toMatchObject({ port: 465, encryption: 'from_start' });
  expect(parseSmtpUrl('smtps://mail.example.com:2465')).toMatchObject({ port: 2465, encryption: 'from_start' });
});

test('a password goes to another machine only encrypted, unless the URL says otherwise', () => {
  expect(parseSmtpUrl('smtp://u:p@mail.example.com').encryption).toBe('required');
  expect(parseSmtpUrl('smtp://u:p@mail.example.com?tls=opportunistic').encryption).toBe('opportunistic');
  expect(parseSmtpUrl('smtp://u:p@mail.example.com?tls=never').encryption).toBe('never');
  expect(parseSmtpUrl('smtp://u:p@localhost:1025').encryption).toBe('opportunistic');
  expect(parseSmtpUrl('smtp://u:p@127.0.0.1:1025').encryption).toBe('opportunistic');
  expect(parseSmtpUrl('smtp://u:p@[::1]:1025').encryption).toBe('opportunistic');
});

test('credentials are percent-decoded, and a colon may stand in either', () => {
  expect(parseSmtpUrl('smtp://ada%40example.com:p%3Aa%2Fs%40s@mail.example.com').credentials).toEqual({
    user: 'ada@example.com',
    password: 'p:a/s@s',
  });
});

test('IPv6 addresses and names beyond ASCII can be looked up', () => {
  expect(parseSmtpUrl('smtp://[2001:db8::25]:25')).toMatchObject({ host: '2001:db8::25', port: 25 });
  expect(parseSmtpUrl('smtp://bücher.example')).toMatchObject({ host: 'xn--bcher-kva.example' });
});

test('a mistake is refused, so that a typo cannot turn encryption off, and never repeats the password', () => {
  const wrong = [
    'smtp://u:geheim@mail.example.com?tls=require',
    'smtp://u:geheim@mail.example.com?TLS=required',
    'smtp://u:geheim@mail.example.com?requireTLS=true',
    'smtps://u:geheim@mail.example.com?tls=never',
    'http://u:geheim@mail.example.com',
    'smtp://u:geheim@',
    'smtp://u:geheim@mail.example.com/path',
    'smtp://u:geheim%@mail.example.com',
    'smtp://u:geheim@mail.example.com:99999',
    'geheim',
    '',
  ];
  for (const url of wrong) {
    expect(() => parseSmtpUrl(url), url).toThrow(/^expected/);
    expect(() => parseSmtpUrl(url), url).not.toThrow(/geheim/);
  }
});
