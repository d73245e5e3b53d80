import { dateInWords, durationInWords, element, isolated, sentence, shownName } from './elements.js';
import { words } from './words.js';

const view = document.getElementById('view');
const status = document.getElementById('status');

/** Shown while the server is asked for the first time. */
export function showOpening(language) {
  const { opening, title } = words[language];
  document.documentElement.lang = language;
  document.title = title;
  // Appears only if the answer takes long enough to notice.
  view.replaceChildren(element('h1', { id: 'heading', className: 'opening', tabIndex: -1 }, opening));
  status.textContent = opening;
}

/**
 * The invitation itself, with its two answers.
 * @param {{ join: () => Promise<void>, decline: () => Promise<void> }} answers
 */
export function showInvitation(invitation, language, answers) {
  const say = words[language];
  show(language, sentence(say.inviteHeading, placesOf(invitation, say)), [
    facts(invitation, language),
    ...accessSection(invitation.access, say),
    answerButtons(say, answers),
  ]);
}

/**
 * One way an invitation can have gone: what happened, what it means, what to do now.
 * @param {{ waitSeconds: number, again: () => Promise<void> } | undefined} retry
 */
export function showOutcome(outcome, invitation, language, retry) {
  const say = words[language];
  const values = { ...placesOf(invitation, say), duration: durationInWords(retry?.waitSeconds ?? 0, language) };
  const parts = [`${outcome}Meaning`, `${outcome}Hint`]
    .filter((key) => key in say)
    .map((key) => element('p', {}, ...sentence(say[key], values)));
  if (outcome === 'joined' || outcome === 'joinedBefore') parts.push(...waysOn(invitation, say));
  if (retry) parts.push(retryButton(retry, say, parts.at(-1)));
  show(language, sentence(say[`${outcome}Heading`], values), parts);
}

/**
 * Somebody else is signed in in this browser: nothing was accepted, and nothing will be without another click.
 * @param {string | undefined} signedInAs their address
 * @param {{ signOut: () => Promise<void>, goBack: () => void }} answers
 */
export function showSignedInAsAnother(invitation, signedInAs, language, answers) {
  const say = words[language];
  const values = { ...placesOf(invitation, say), signedInAs: shownName(signedInAs, say.somebodyElse) };
  const goBack = element('button', { type: 'button' }, say.goBack);
  goBack.addEventListener('click', () => isBusy() || answers.goBack());
  show(language, sentence(say.signedInAsAnotherHeading, values), [
    element('p', {}, ...sentence(say.signedInAsAnotherMeaning, values)),
    element('p', {}, ...sentence(say.signedInAsAnotherHint, values)),
    element(
      'div',
      { className: 'answers' },
      actionButton(say.signOut, say.signingOut, answers.signOut, 'primary'),
      goBack,
    ),
  ]);
}

/** Replaces the page. The heading takes the focus, so that screen readers start there and Tab goes on from there. */
function show(language, headingParts, parts) {
  const heading = element('h1', { id: 'heading', tabIndex: -1 }, ...headingParts);
  document.documentElement.lang = language;
  document.title = heading.textContent;
  view.replaceChildren(heading, ...parts);
  status.textContent = '';
  heading.focus();
}

function placesOf({ email, inviter, organization }, say) {
  return {
    email: shownName(email, ''),
    inviter: shownName(inviter?.name, say.someone),
    organization: shownName(organization?.name, say.anOrganization),
  };
}

function facts({ email, expires_at }, language) {
  const say = words[language];
  const until = dateInWords(expires_at, language);
  const list = element('dl', { className: 'facts' }, fact(say.invitedAs, isolated(shownName(email, ''))));
  if (until) list.append(fact(say.openUntil, element('time', { dateTime: expires_at }, until)));
  return list;
}

const fact = (name, value) => element('div', {}, element('dt', {}, name), element('dd', {}, value));

const fewFeatures = 5; // as many as a phone shows above the two answers

function accessSection(access, say) {
  if (!access) return [];
  const heading = element('h2', {}, say.accessHeading);
  const { features = [] } = access;
  if (access.owner) return [heading, element('p', {}, say.accessOwner)];
  if (access.all_features_access) return [heading, element('p', {}, say.accessAll)];
  if (features.length === 0) return [heading, element('p', {}, say.accessNone)];
  // Hiding a single line would save none.
  if (features.length <= fewFeatures + 1) return [heading, featureList(features)];
  return [heading, featureList(features.slice(0, fewFeatures)), moreFeatures(features.slice(fewFeatures), say)];
}

function moreFeatures(features, say) {
  const label = element('span', {}, ...sentence(say.moreFeatures, { count: String(features.length) }));
  return element('details', {}, element('summary', {}, label), featureList(features));
}

function featureList(features) {
  const entries = features.map(({ feature, label, permissions }) =>
    fact(
      isolated(shownName(label, feature)),
      isolated(permissions.map((one) => shownName(one.label, one.permission)).join(', ')),
    ),
  );
  return element('dl', { className: 'access' }, ...entries);
}

/** Join and Decline; Decline asks once more in the same place. */
function answerButtons(say, { join, decline }) {
  const place = element('div', { className: 'answers' });
  const declineButton = element('button', { type: 'button' }, say.decline);
  const choice = [actionButton(say.join, say.joining, join, 'primary'), declineButton];
  const question = element('p', { className: 'question', id: 'question', tabIndex: -1 }, say.declineQuestion);
  const keepButton = element('button', { type: 'button' }, say.declineKeep);
  const confirmation = element(
    'div',
    { className: 'confirmation', role: 'group' },
    question,
    element('p', { id: 'question-meaning' }, say.declineMeaning),
    actionButton(say.declineConfirm, say.declining, decline, 'grave'),
    keepButton,
  );
  confirmation.setAttribute('aria-labelledby', 'question');
  confirmation.setAttribute('aria-describedby', 'question-meaning');

  const goBack = () => {
    place.replaceChildren(...choice);
    declineButton.focus();
  };
  declineButton.addEventListener('click', () => {
    if (isBusy()) return;
    place.replaceChildren(confirmation);
    question.focus();
  });
  keepButton.addEventListener('click', () => isBusy() || goBack());
  confirmation.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !isBusy()) goBack();
  });
  place.append(...choice);
  return place;
}

/** A button that does something once: until the page changes, it says what it is doing, and all buttons rest. */
function actionButton(label, busyLabel, act, className = '') {
  const button = element('button', { type: 'button', className }, label);
  button.addEventListener('click', () => {
    // Not `disabled`, which would drop the focus.
    if (button.ariaDisabled === 'true' || isBusy()) return;
    view.ariaBusy = 'true';
    for (const one of view.querySelectorAll('button')) one.ariaDisabled = 'true';
    button.textContent = busyLabel;
    status.textContent = busyLabel;
    act().finally(() => {
      view.ariaBusy = null;
    });
  });
  return button;
}

const isBusy = () => view.ariaBusy === 'true';

/** Rests for as long as the server asked, and says so when that is over. */
function retryButton({ waitSeconds, again }, say, hint) {
  const button = actionButton(say.retry, say.retrying, again, 'primary');
  if (waitSeconds > 0) {
    button.ariaDisabled = 'true';
    setTimeout(() => {
      if (!button.isConnected) return;
      button.ariaDisabled = null;
      hint.textContent = say.limitedOver;
      status.textContent = say.limitedOver;
    }, waitSeconds * 1000);
  }
  return button;
}

/** On to the product and to the team, by a click of the person; to the product by an address they can read. */
function waysOn({ redirect_url: address, signed_in: signedIn }, say) {
  const ways = [];
  const url = webAddress(address);
  if (url) {
    const label = element('span', {}, ...sentence(say.goOn, { host: url.host }));
    ways.push(element('a', { className: 'button primary', href: url.href, rel: 'noreferrer' }, label));
  }
  // Relative, so that it also works where a proxy serves us below a path.
  if (signedIn === true)
    ways.push(element('a', { className: url ? 'button' : 'button primary', href: './console/' }, say.goToTeam));
  return ways.length > 0 ? [element('div', { className: 'ways' }, ...ways)] : [element('p', {}, say.closePage)];
}

function webAddress(written) {
  try {
    const url = new URL(written);
    return /^https?:$/.test(url.protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}
