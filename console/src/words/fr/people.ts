import { counting } from '../counting.ts';
import type { people as english } from '../en/people.ts';

const count = counting('fr');
const personnes = { one: 'personne', other: 'personnes' };
const invitations = { one: 'invitation', other: 'invitations' };

export const people: typeof english = {
  title: 'Personnes',
  invite: 'Inviter des personnes',

  search: 'Chercher par adresse',
  statuses: {
    all: 'Toutes',
    active: 'Actives',
    pending: 'Invitées',
    expired: 'Expirées',
    declined: 'Refusées',
  },
  byStatus: 'Statut',
  holds: 'Qui peut',
  holdsPlaceholder: 'Qui peut … ?',
  anythingIn: (feature) => `${feature} : quelque chose`,
  permissionIn: (feature, permission) => `${feature} : ${permission}`,
  noSuchPermission: 'Aucune permission ne contient ces mots.',
  clearHolds: 'Ne plus filtrer par permission',
  sort: 'Ordre',
  sorts: {
    created: 'Anciennes d’abord',
    '-created': 'Récentes d’abord',
    email: 'Adresse, de A à Z',
    '-email': 'Adresse, de Z à A',
  },
  shown: (shown, more) =>
    more
      ? `Les premières ${count(shown, personnes)} sont affichées.`
      : `${count(shown, { one: 'personne trouvée', other: 'personnes trouvées' })}.`,

  list: 'Les personnes de cette organisation',
  person: 'Personne',
  status: 'Statut',
  access: 'Accès',
  you: 'Vous',
  owner: 'Propriétaire',
  states: {
    active: 'Active',
    pending: 'Invitée',
    expired: 'Expirée',
    declined: 'Refusée',
  },
  suspended: 'Suspendue',
  accessEnded: 'Accès terminé',
  accessEnds: (date) => `L’accès se termine le ${date}`,
  accessEndedOn: (date) => `Le ${date}`,
  invitationEnds: (when) => `le lien expire ${when}`,
  delivery: {
    queued: 'E-mail en attente d’envoi',
    sent: (when) => `E-mail envoyé ${when}`,
    failed: 'L’e-mail n’a pas pu être envoyé',
    failedBecause: (why) => `L’e-mail n’a pas pu être envoyé. ${why}`,
  },
  everything: 'Tout ce que le forfait comprend',
  nothing: 'Rien',
  fullIn: 'En entier :',
  someIn: 'En partie :',
  others: (n) => count(n, { one: 'autre', other: 'autres' }),

  onlyYou: 'Vous êtes seul pour l’instant',
  onlyYouHint:
    'Invitez les personnes avec qui vous travaillez : elles reçoivent un e-mail avec un lien, et peuvent faire exactement ce que vous choisissez pour elles.',
  nothingFound: 'Personne ne correspond',
  nothingFoundHint: 'Cherchez une partie plus courte de l’adresse, ou retirez un filtre.',
  clearFilters: 'Effacer tous les filtres',
  notAllowed: 'Vous ne pouvez pas voir les personnes de cette organisation',
  notAllowedHint: 'Il faut la permission de gérer les personnes. Qui les gère peut vous la donner.',

  select: (email) => `Sélectionner ${email}`,
  selectShown: 'Sélectionner toutes les personnes affichées',
  selected: (selected) => count(selected, { one: 'personne sélectionnée', other: 'personnes sélectionnées' }),
  nobodySelected: 'Plus personne n’est sélectionné.',
  elsewhere: (hidden) => `${count(hidden, { one: 'n’est', other: 'ne sont' })} pas dans cette liste`,
  selection: 'Que faire des personnes sélectionnées',
  clearSelection: 'Effacer la sélection',
  actions: 'Actions',
  changePermissions: 'Changer les permissions',
  resend: 'Renvoyer l’invitation',
  cancel: 'Annuler l’invitation',
  revoke: 'Retirer l’accès',

  titles: {
    resend: 'Renvoyer des invitations',
    cancel: 'Annuler des invitations',
    revoke: 'Retirer l’accès',
    give: 'Donner des permissions',
    take: 'Retirer des permissions',
    permissions: 'Changer les permissions',
  },
  before: {
    resend: 'Elles reçoivent un nouvel e-mail avec un nouveau lien. Le lien précédent ne fonctionne plus aussitôt.',
    cancel:
      'Leurs liens ne fonctionnent plus aussitôt, et elles disparaissent de cette liste. Vous pourrez les inviter de nouveau.',
    revoke:
      'Elles perdent leur accès aussitôt et disparaissent de cette liste. C’est irréversible ; vous pourrez seulement les inviter de nouveau.',
    give: 'Rien n’a encore changé. Voici ce qui changerait :',
    take: 'Rien n’a encore changé. Voici ce qui changerait :',
  },
  meanings: {
    give: 'Ce que vous cochez s’ajoute à ce que chacune a déjà. Personne ne perd rien.',
    take: 'Ce que vous cochez est retiré à qui l’a. Tout le reste demeure.',
  },
  give: 'Donner',
  take: 'Retirer',
  giveOrTake: 'Donner ou retirer',
  forSelected: (selected) => `Pour ${count(selected, personnes)}`,
  tickSomething: 'Cochez au moins une permission.',
  preview: 'Voir ce qui changerait',
  back: 'Retour',
  checking: (done, total) => `Vérification : ${done} sur ${count(total, personnes)}…`,
  doing: (done, total) => `${done} sur ${count(total, personnes)} : fait…`,
  progress: 'Avancement',
  stop: 'Arrêter ici',
  stopped: (left) =>
    `Arrêté. Rien n’a changé pour ${count(left, personnes)}, qui ${left < 2 ? 'reste sélectionnée' : 'restent sélectionnées'}.`,
  brokenOff: (left) =>
    `Interrompu : rien n’a peut-être changé pour ${count(left, personnes)}. Réessayer ne fait rien deux fois.`,
  goOn: 'Continuer',
  will: {
    resend: (n) => count(n, { one: 'invitation sera renvoyée', other: 'invitations seront renvoyées' }),
    cancel: (n) => count(n, { one: 'invitation sera annulée', other: 'invitations seront annulées' }),
    revoke: (n) => count(n, { one: 'personne perdra son accès', other: 'personnes perdront leur accès' }),
    give: (n) => count(n, { one: 'personne gagnera quelque chose', other: 'personnes gagneront quelque chose' }),
    take: (n) => count(n, { one: 'personne perdra quelque chose', other: 'personnes perdront quelque chose' }),
  },
  did: {
    resend: (n) => count(n, { one: 'invitation renvoyée', other: 'invitations renvoyées' }),
    cancel: (n) => count(n, { one: 'invitation annulée', other: 'invitations annulées' }),
    revoke: (n) => count(n, { one: 'personne a perdu son accès', other: 'personnes ont perdu leur accès' }),
    give: (n) => count(n, { one: 'personne a gagné quelque chose', other: 'personnes ont gagné quelque chose' }),
    take: (n) => count(n, { one: 'personne a perdu quelque chose', other: 'personnes ont perdu quelque chose' }),
  },
  confirm: {
    resend: (n) => `Renvoyer ${count(n, invitations)}`,
    cancel: (n) => `Annuler ${count(n, invitations)}`,
    revoke: (n) => `Retirer l’accès de ${count(n, personnes)}`,
    give: (n) => `Donner à ${count(n, personnes)}`,
    take: (n) => `Retirer à ${count(n, personnes)}`,
  },
  refused: (n) =>
    count(n, { one: 'personne ne peut pas être changée', other: 'personnes ne peuvent pas être changées' }),
  unchanged: (n) => count(n, { one: 'personne reste comme elle est', other: 'personnes restent comme elles sont' }),
  wereRefused: (n) => count(n, { one: 'personne a été refusée', other: 'personnes ont été refusées' }),
  staySelected: 'Elles restent sélectionnées.',
  nothingToDo: 'Rien ne changerait pour les personnes sélectionnées.',
  youAmong: 'Vous en faites partie.',
  addresses: 'Qui',
  why: {
    resend: 'Envoyée il y a moins d’une minute',
    cancel: 'N’est déjà plus là',
    revoke: 'N’est déjà plus là',
    give: 'L’a déjà',
    take: 'Ne l’a pas',
    everything:
      'A tout, maintenant et plus tard : on ne peut pas en retirer une seule permission. Ouvrez sa page pour lui donner moins.',
    givenEverything: 'A tout, maintenant et plus tard',
  },
  reasons: {
    owner_protected: 'Est propriétaire. Un propriétaire doit d’abord renoncer à la propriété.',
    grant_ceiling: 'A plus d’accès que vous. Seule une personne qui a tout cela peut le faire.',
    already_joined: 'A déjà rejoint l’organisation : il n’y a plus d’invitation.',
    unknown_member: 'N’est plus là.',
    mail_rate: 'A reçu trop d’e-mails en une heure. Réessayez plus tard.',
    not_in_plan: 'Votre forfait ne comprend pas cela.',
    unknown_permission: 'Cette permission n’existe plus. Effacez les filtres et choisissez de nouveau.',
    unknown_feature: 'Cette fonctionnalité n’existe plus. Effacez les filtres et choisissez de nouveau.',
    several_permissions: 'Ce nom désigne plusieurs permissions. Effacez les filtres et choisissez-en une.',
  },
};
