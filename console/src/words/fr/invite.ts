import { counting } from '../counting.ts';
import type { invite as english } from '../en/invite.ts';

const count = counting('fr');
const invitations = { one: 'invitation', other: 'invitations' };
const people = { one: 'personne', other: 'personnes' };
const seats = { one: 'place', other: 'places' };

export const invite: typeof english = {
  title: 'Inviter des personnes',
  lead: 'Chaque personne reçoit un e-mail avec son propre lien, et les permissions que vous choisissez ici.',
  leadWithoutMail: 'Chaque personne reçoit son propre lien, et les permissions que vous choisissez ici.',
  who: 'Qui',
  addresses: 'Adresses e-mail',
  addressesHint:
    'Tapez ou collez-en autant que vous voulez, aussi sous la forme « Mei Lin <mei@example.com> ». Entrée ou une virgule en termine une.',
  placeholder: 'mei@example.com, noor@example.com',
  remove: (address) => `Enlever ${address}`,
  removed: (address) => `${address} enlevé.`,
  added: (many, faulty, merged) =>
    [
      `${count(many, { one: 'adresse ajoutée', other: 'adresses ajoutées' })}.`,
      ...(faulty > 0 ? [`${faulty} inutilisable${faulty === 1 ? '' : 's'}.`] : []),
      ...(merged > 0 ? [`${merged} en double.`] : []),
    ].join(' '),
  noAddress: 'Entrez l’adresse d’au moins une personne.',
  correct: 'Corriger',
  correctNamed: (written) => `Corriger ${written}`,
  faults: {
    noAt: 'Il n’y a pas de @.',
    noName: 'Rien ne précède le @.',
    noDomain: 'Après le @, il manque un domaine tel que example.com.',
    spaces: 'Il contient une espace.',
    tooLong: 'C’est plus long qu’une adresse ne peut l’être.',
    invalid: 'Ce n’est pas une adresse e-mail.',
  },
  attention: 'Ces personnes ne seront pas invitées',
  seeMember: 'Voir ce que cette personne peut faire',
  alreadyInvited: 'Déjà invitée, avec exactement ces permissions : aucun second e-mail ne part.',
  language: 'Langue de l’e-mail',
  languageHint: 'La page de l’invitation est aussi dans cette langue.',
  organizationLanguage: (name) => `Comme l’organisation : ${name}`,
  permissions: 'Ce qu’elles peuvent faire',
  permissionsHint:
    'La même chose pour toutes les personnes de cette invitation. Vous pourrez le changer plus tard pour chacune.',
  noPermission: 'Choisissez au moins une permission.',
  startFrom: 'Partir des permissions d’un autre membre',
  startFromHint: 'Cherchez par adresse. Votre choix est copié ici une fois ; les deux restent indépendants.',
  nobodyFound: 'Personne n’a cela dans son adresse.',
  copied: (email) => `Copié depuis ${email}.`,
  leftOut: 'Laissé de côté, car vous ne pouvez pas le donner :',
  preview: 'Ces personnes pourront',
  previewNobody: 'Rien encore. Choisissez des permissions, et elles s’écrivent ici.',
  seats: (used, limit) => `${used} sur ${count(limit, seats)} du forfait ${used <= 1 ? 'est prise' : 'sont prises'}.`,
  seatsLeft: (left) =>
    left === 0
      ? 'Personne ne peut rejoindre avant qu’une place se libère. Les invitations attendent jusqu’à leur fin.'
      : `Seulement ${count(left, { one: 'personne de plus peut', other: 'personnes de plus peuvent' })} rejoindre. Une place est prise quand quelqu’un accepte.`,
  noMail: 'Ce serveur n’envoie pas d’e-mails',
  noMailHint: 'Invitez quand même : copiez ensuite chaque lien ici et transmettez-le vous-même.',
  send: (many) => (many === 0 ? 'Envoyer les invitations' : `Envoyer ${count(many, invitations)}`),
  makeLinks: (many) => (many === 0 ? 'Inviter' : `Inviter ${count(many, people)}`),
  staysHere: (many) => `${count(many, { one: 'adresse reste', other: 'adresses restent' })} ici, à vérifier.`,
  results: 'Ce qu’il en est',
  resultsHint: (invited, refused) =>
    refused === 0
      ? `${count(invited, { one: 'personne invitée', other: 'personnes invitées' })}.`
      : `${count(invited, { one: 'personne invitée', other: 'personnes invitées' })}, ${count(refused, people)} non.`,
  outcomes: { invited: 'Invitée', unchanged: 'Était déjà invitée', refused: 'Pas invitée' },
  delivery: {
    queued: 'L’e-mail est en partance',
    sent: 'L’e-mail a été envoyé',
    failed: (reason) => `L’e-mail n’a pas pu être envoyé : ${reason}`,
  },
  toPeople: 'Aux personnes',
  stopped:
    'Toutes n’ont pas été atteintes. Celles sans résultat sont encore dans le formulaire ; renvoyer est sans risque.',
  copyLink: 'Copier le lien',
  copyLinkOf: (email) => `Copier le lien de ${email}`,
  leave: 'Partir sans inviter ?',
  leaveMeaning: 'Les adresses que vous avez entrées ne sont gardées nulle part ailleurs.',
  leaveConfirm: 'Partir',
  stay: 'Rester',
  reasons: {
    already_member: 'Est déjà membre. Changez ses permissions sur sa page.',
    already_invited: 'Est déjà invitée, avec d’autres permissions ou dans une autre langue. Changez cela sur sa page.',
    mail_rate: 'A reçu trop d’e-mails en une heure. Réessayez plus tard.',
    grant_ceiling:
      'Quelqu’un d’autre a offert à cette personne plus que vous n’avez : vous ne pouvez pas le remplacer.',
    not_in_plan: 'Le forfait a changé et ne comprend plus tout cela. Rechargez la page.',
    invalid_email: 'Ce n’est pas une adresse e-mail.',
  },
};
