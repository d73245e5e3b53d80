const patience = 20_000; // milliseconds; a reply that takes longer is not coming
const longestToken = 4_096;
const usualWait = 30; // seconds, where a server that asks for patience does not say how much
const longestWait = 86_400; // seconds; browsers cannot set a clock much further

const outcomeOfState = {
  pending: 'pending',
  joined: 'joinedBefore',
  declined: 'declinedBefore',
  expired: 'expired',
  cancelled: 'cancelled',
  replaced: 'replaced',
};

const outcomeOfReason = {
  invitation_unknown: 'unknown',
  invitation_expired: 'expired',
  invitation_cancelled: 'cancelled',
  invitation_replaced: 'replaced',
  invitation_declined: 'declinedBefore',
  invitation_joined: 'joinedBefore',
  grantor_not_entitled: 'notEntitled',
  seat_limit: 'noSeat',
};

/**
 * Asks the server and says what its answer means for the person in front of the page.
 * @param {'inspect' | 'accept' | 'decline'} action
 * @param {string} token
 * @returns {Promise<{ outcome: string, invitation?: object, waitSeconds?: number }>} never rejects
 */
export async function ask(action, token) {
  if (token.length > longestToken) return { outcome: 'unknown' };
  let reply;
  let body;
  try {
    reply = await post(action, token);
    body = await reply.json().catch(() => undefined);
  } catch {
    return { outcome: 'unreachable' };
  }
  if (reply.ok && body) return { outcome: outcomeOf(action, body), invitation: body };
  if (reply.status === 429) return { outcome: 'limited', waitSeconds: secondsToWait(reply.headers.get('retry-after')) };
  return { outcome: refusalOf(reply.status, body) };
}

/** Relative to this file, so that it also works where a proxy serves us below a path. */
function post(action, token) {
  return fetch(new URL(`../v3/organization/user/invitation/${action}`, import.meta.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
    cache: 'no-store',
    credentials: 'omit',
    redirect: 'error',
    referrerPolicy: 'no-referrer',
    signal: AbortSignal.timeout(patience),
  });
}

function outcomeOf(action, { state }) {
  if (action === 'accept' && state === 'joined') return 'joined';
  if (action === 'decline' && state === 'declined') return 'declined';
  return outcomeOfState[state] ?? 'broken';
}

function refusalOf(status, body) {
  const reason = body?.details?.[0]?.reason;
  if (Object.hasOwn(outcomeOfReason, reason ?? '')) return outcomeOfReason[reason];
  // Ours, but without a reason that we know: the link is not one the server could have made.
  return (status === 400 || status === 404) && body?.code ? 'unknown' : 'broken';
}

/** Retry-After is a number of seconds or a date. */
function secondsToWait(written) {
  const seconds = /^\d+$/.test(written ?? '') ? Number(written) : (Date.parse(written ?? '') - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(1, Math.ceil(seconds)), longestWait) : usualWait;
}
