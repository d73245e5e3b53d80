import { request } from './request.js';
import { whoIsSignedIn } from './session-api.js';

const longestToken = 4_096;

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
  signed_in_as_another: 'signedInAsAnother',
};

/**
 * Asks the server and says what its answer means for the person in front of the page.
 * @param {'inspect' | 'accept' | 'decline'} action
 * @param {string} token
 * @returns {Promise<{ outcome: string, invitation?: object, waitSeconds?: number, signedInAs?: string }>} never rejects
 */
export async function ask(action, token) {
  if (token.length > longestToken) return { outcome: 'unknown' };
  const reply = await request('POST', `organization/user/invitation/${action}`, settingsFor(action, token));
  if (!reply) return { outcome: 'unreachable' };
  const { status, body } = reply;
  if (reply.ok && body) return { outcome: outcomeOf(action, body), invitation: body };
  if (status === 429) return { outcome: 'limited', waitSeconds: reply.waitSeconds };
  const outcome = refusalOf(status, body);
  return outcome === 'signedInAsAnother' ? { outcome, signedInAs: await whoIsSignedIn() } : { outcome };
}

/** Who joins by the link in their mail is signed in by that; looking and declining are nobody's in particular. */
const settingsFor = (action, token) =>
  action === 'accept' ? { body: { token, sign_in: true }, withSession: true } : { body: { token } };

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
