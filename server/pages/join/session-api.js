import { request } from './request.js';

/** The address of whoever is signed in in this browser; undefined where nobody is, or nobody says. Never rejects. */
export async function whoIsSignedIn() {
  const reply = await request('GET', 'session', { withSession: true });
  return reply?.ok ? reply.body?.email : undefined;
}

/** @returns {Promise<{ outcome: 'signedOut' | 'limited' | 'unreachable' | 'broken', waitSeconds?: number }>} never rejects */
export async function signOut() {
  const reply = await request('DELETE', 'session', { withSession: true });
  if (!reply) return { outcome: 'unreachable' };
  // Who is signed out already needs no signing out.
  if (reply.ok || reply.status === 401) return { outcome: 'signedOut' };
  if (reply.status === 429) return { outcome: 'limited', waitSeconds: reply.waitSeconds };
  return { outcome: 'broken' };
}
