const patience = 20_000; // milliseconds; a reply that takes longer is not coming
const usualWait = 30; // seconds, where a server that asks for patience does not say how much
const longestWait = 86_400; // seconds; browsers cannot set a clock much further

/**
 * Sends one request to the server that this page came from, below `/v3/`.
 * @param {{ body?: object, withSession?: boolean }} settings `withSession` where it matters who is signed in in this browser
 * @returns {Promise<{ status: number, ok: boolean, body?: object, waitSeconds: number } | undefined>} undefined without an answer; never rejects
 */
export async function request(method, path, { body, withSession = false } = {}) {
  try {
    // Relative to this file, so that it also works where a proxy serves us below a path.
    const reply = await fetch(new URL(`../v3/${path}`, import.meta.url), {
      method,
      headers: {
        ...(body && { 'content-type': 'application/json' }),
        // Pages of others cannot send this one, so the server believes that it is us who ask.
        ...(withSession && { 'latchkey-session': '1' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: withSession ? 'same-origin' : 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.timeout(patience),
    });
    const { ok, status } = reply;
    const waitSeconds = secondsToWait(reply.headers.get('retry-after'));
    return { ok, status, waitSeconds, body: await reply.json().catch(() => undefined) };
  } catch {
    return undefined;
  }
}

/** Retry-After is a number of seconds or a date. */
function secondsToWait(written) {
  const seconds = /^\d+$/.test(written ?? '') ? Number(written) : (Date.parse(written ?? '') - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(1, Math.ceil(seconds)), longestWait) : usualWait;
}
