import type { IncomingHttpHeaders } from 'node:http';
import type { StartedSession } from '../usecases/call.ts';

/**
 * The cookie that carries a session, and when it counts. Scripts cannot read it, no page of others sends it (SameSite), and
 * over https no neighbouring host can set it (`__Host-`).
 */
export interface SessionCookie {
  /** The secret that a request carries, if it comes from a page of ours. */
  secretIn(headers: IncomingHttpHeaders): string | undefined;
  /** Whether a page of ours asks: only such a one may begin a session, or be answered by one. */
  fromOwnPage(headers: IncomingHttpHeaders): boolean;
  set(session: StartedSession, now: number): string;
  clear(): string;
}

/** @param publicUrl where browsers find us */
export function sessionCookie(publicUrl: string): SessionCookie {
  const { protocol, origin } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const name = secure ? '__Host-latchkey-session' : 'latchkey-session';
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;

  const fromOwnPage = (headers: IncomingHttpHeaders): boolean => {
    // No form can send this header, and no script of another origin without our leave, which we give to nobody.
    if (headers['latchkey-session'] !== '1') return false;
    const site = headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin') return false;
    return headers.origin === undefined || headers.origin === origin || isOrigin(headers.origin, headers.host);
  };
  return {
    fromOwnPage,
    secretIn: (headers) => (fromOwnPage(headers) ? cookieIn(headers.cookie, name) : undefined),
    set: ({ secret, expiresAt }, now) =>
      `${name}=${secret}; Max-Age=${Math.max(0, Math.floor((expiresAt.getTime() - now) / 1000))}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}

/** Also where we are reached by another name than the public one, as on the machine itself. */
const isOrigin = (origin: string, host: string | undefined): boolean =>
  host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);

/**
 * A cookie that stands twice may be somebody else's: it is then none. Nothing but spaces is taken off: a neighbouring host may
 * set what only begins with `__Host-` once other characters that count as white space are taken off too.
 */
function cookieIn(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 && /^[A-Za-z0-9_-]{43}$/.test(values[0] ?? '') ? values[0] : undefined;
}
