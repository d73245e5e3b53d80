import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/**
 * How the connection is encrypted.
 * `opportunistic`: with STARTTLS where the server offers it; its certificate is not checked, since whoever could forge one
 * could hide the offer as well. `required`: with STARTTLS and a valid certificate, or not at all. `never`: in the clear.
 * `from_start`: TLS from the first byte, with a valid certificate.
 */
export type SmtpEncryption = 'opportunistic' | 'required' | 'never' | 'from_start';

export interface SmtpServer {
  host: string;
  port: number;
  encryption: SmtpEncryption;
  credentials: { user: string; password: string } | undefined;
}

const shape = 'smtp://[user:password@]host[:port][?tls=opportunistic|required|never] or smtps://…';
const submissionPort = 587; // RFC 6409
const submissionsPort = 465; // RFC 8314, TLS from the start

/**
 * Reads SMTP_URL. Without `tls=`, encryption is opportunistic, except that a password is never offered in the clear to
 * another machine: with credentials and a host that is not this one, it is required.
 * @throws Error that says what was expected, without repeating the URL, which may hold a password
 */
export function parseSmtpUrl(written: string): SmtpServer {
  const url = URL.parse(written);
  const host = hostOf(url);
  if (!url || !host || !['smtp:', 'smtps:'].includes(url.protocol) || !['', '/'].includes(url.pathname) || url.hash) {
    throw new Error(`expected ${shape} (special characters in user and password percent-encoded)`);
  }
  const credentials = credentialsOf(url);
  const encryption = encryptionOf(url, credentials !== undefined && !isThisMachine(host));
  const port = Number(url.port) || (encryption === 'from_start' ? submissionsPort : submissionPort);
  return { host, port, encryption, credentials };
}

function encryptionOf(url: URL, protectsCredentials: boolean): SmtpEncryption {
  const tls = url.searchParams.get('tls') ?? undefined;
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'tls');
  if (unknown !== undefined) throw new Error(`expected ${shape}, found the unknown parameter "${unknown}"`);
  if (url.protocol === 'smtps:') {
    if (tls !== undefined && tls !== 'required') throw new Error('expected no tls= with smtps://, it always uses TLS');
    return 'from_start';
  }
  if (tls === undefined) return protectsCredentials ? 'required' : 'opportunistic';
  if (tls === 'opportunistic' || tls === 'required' || tls === 'never') return tls;
  throw new Error(`expected tls=opportunistic, tls=required or tls=never`);
}

function credentialsOf(url: URL): SmtpServer['credentials'] {
  if (!url.username && !url.password) return undefined;
  try {
    return { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  } catch {
    throw new Error('expected user and password percent-encoded');
  }
}

/** The bare host name or address; empty when there is none that could be looked up. */
function hostOf(url: URL | null): string {
  const bare = url?.hostname.replace(/^\[(.*)\]$/, '$1') ?? '';
  if (isIP(bare)) return bare;
  try {
    return domainToASCII(decodeURIComponent(bare));
  } catch {
    return '';
  }
}

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\./.test(host);
