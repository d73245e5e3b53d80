/**
 * The join page: reads the token from the address's fragment, asks the server what it stands for, and shows one page for
 * each way that can go. The token leaves the browser only in the body of a POST to the server that this page came from.
 */
import { ask } from './invitation-api.js';
import { signOut } from './session-api.js';
import { showInvitation, showOpening, showOutcome, showSignedInAsAnother } from './view.js';
import { languageOf } from './words.js';

const worthRepeating = new Set(['notEntitled', 'noSeat', 'limited', 'unreachable', 'broken']);

/** Raised whenever the page starts over, so that a late answer to an earlier link is ignored. */
let visit = 0;
let token = '';
/** What the server last told about the invitation; the pages after it still name the organization. */
let invitation = {};
let language = languageOf(navigator.language);

addEventListener('hashchange', open);
open();

async function open() {
  visit += 1;
  token = tokenIn(location.hash);
  invitation = {};
  language = languageOf(navigator.language);
  if (token === '') return show({ outcome: 'noToken' });
  showOpening(language);
  await attempt('inspect');
}

/** Does one thing and shows where it led. @param {'inspect' | 'accept' | 'decline'} action */
async function attempt(action) {
  const asked = visit;
  const answer = await ask(action, token);
  if (asked !== visit) return;
  if (answer.invitation) remember(answer.invitation);
  if (answer.outcome === 'pending') return showPending();
  if (answer.outcome === 'signedInAsAnother')
    return showSignedInAsAnother(invitation, answer.signedInAs, language, {
      signOut: leaveSession,
      goBack: showPending,
    });
  show(answer, () => attempt(action));
}

function showPending() {
  showInvitation(invitation, language, { join: () => attempt('accept'), decline: () => attempt('decline') });
}

/** Signs out and shows the invitation again: joining it takes another click. */
async function leaveSession() {
  const asked = visit;
  const answer = await signOut();
  if (asked !== visit) return;
  if (answer.outcome !== 'signedOut') return show(answer, leaveSession);
  await attempt('inspect');
}

function remember(told) {
  invitation = { ...invitation, ...told };
  if (told.locale) language = languageOf(told.locale);
}

function show({ outcome, waitSeconds = 0 }, again) {
  showOutcome(outcome, invitation, language, worthRepeating.has(outcome) ? { waitSeconds, again } : undefined);
}

/** Mail programs percent-encode some links, or leave a bracket or full stop of the sentence around it at the end. */
function tokenIn(hash) {
  return decoded(hash.slice(1))
    .replace(/[^\w-]+$/, '')
    .trim();
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
