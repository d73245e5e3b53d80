import { counting } from '../counting.ts';
import type { outbox as english } from '../en/outbox.ts';

const count = counting('fr');
const attempts = { one: 'tentative', other: 'tentatives' };

export const outbox: typeof english = {
  title: 'Boîte d’envoi',
  lead: 'Ce qu’est devenu chaque e-mail d’invitation.',
  byState: 'État',
  states: { all: 'Tous', queued: 'En attente', sent: 'Envoyés', failed: 'Échoués' },
  oneState: { queued: 'En attente', sent: 'Envoyé', failed: 'Échoué' },
  noMailServer: 'Ce serveur n’envoie pas d’e-mails',
  noMailServerHint:
    'Les invitations attendent ici. Copiez le lien de chacune et remettez-le vous-même ; ou demandez à la personne qui exploite le serveur d’y régler un serveur de messagerie, et tout ce qui attend sera envoyé.',
  shown: (shown, more) =>
    more
      ? `Les plus récents : ${count(shown, { one: 'message', other: 'messages' })}`
      : count(shown, { one: 'message', other: 'messages' }),
  onlyTo: (email) => `Seulement les messages à ${email}`,
  toEverybody: 'À tout le monde',
  written: 'Écrit',
  attempts: (attempted) => count(attempted, attempts),
  attemptsSoFar: (attempted) => `${count(attempted, attempts)} jusqu’ici`,
  nextAttempt: (when) => `prochaine ${when}`,
  newer: 'Un message plus récent a été écrit depuis.',
  sendAgain: 'Renvoyer',
  sendAgainTo: (email) => `Renvoyer à ${email}`,
  sendingAgain: (email) => `Nouvel envoi de l’invitation à ${email}`,
  sentAgain: (email) => `Une nouvelle invitation à ${email} est en route. Les liens envoyés avant ont pris fin.`,
  copyLink: 'Copier le lien',
  copyLinkOf: (email) => `Copier le lien pour ${email}`,
  failures: {
    joined: 'Non envoyé : la personne avait déjà rejoint.',
    cancelled: 'Non envoyé : l’invitation a été annulée.',
    replaced: 'Non envoyé : une invitation plus récente l’a remplacée.',
    declined: 'Non envoyé : la personne avait refusé.',
    expired: 'Non envoyé : l’invitation avait expiré. Renvoyez-la pour en créer une nouvelle.',
    unusable: 'Aucun serveur de messagerie n’accepte cette adresse. Annulez l’invitation et invitez la bonne.',
    noSuchMailbox:
      'Cette boîte aux lettres n’existe pas. Cherchez une faute dans l’adresse ; s’il y en a une, annulez l’invitation et invitez la bonne.',
    noSuchDomain: 'Rien ne reçoit d’e-mails derrière le @. Cherchez une faute dans l’adresse.',
    closed: 'Cette boîte ne prend pas d’e-mails. Demandez une autre adresse à la personne, ou copiez le lien.',
    full: 'La boîte est pleine. Prévenez la personne, puis renvoyez.',
    letters: 'Le serveur de messagerie ne peut pas écrire aux adresses avec de telles lettres. Copiez plutôt le lien.',
    unwanted:
      'L’autre côté a refusé l’e-mail comme indésirable. Copiez le lien, ou prévenez la personne qui exploite le serveur.',
    later: 'L’autre côté demande de patienter. L’envoi sera retenté tout seul.',
    unreachable: 'Le serveur de messagerie est injoignable. La personne qui exploite ce serveur devrait y regarder.',
    slow: 'Le serveur de messagerie a mis trop de temps. L’envoi sera retenté tout seul.',
    refusesUs:
      'Le serveur de messagerie ne prend pas nos e-mails. La personne qui exploite ce serveur devrait revoir ses réglages.',
    other: 'Le serveur de messagerie l’a refusé.',
  },
  reasons: {
    already_joined: 'La personne a déjà rejoint, il n’y a rien à envoyer.',
    unknown_member: 'Cette personne n’est plus invitée. Invitez-la de nouveau.',
    grant_ceiling: 'Cette invitation donne plus que ce que vous avez : quelqu’un qui l’a doit l’envoyer.',
    mail_rate:
      'Cette adresse, ou cette organisation, a reçu autant d’e-mails qu’elle en reçoit en une heure. Réessayez plus tard.',
  },
  none: { queued: 'Rien n’attend', sent: 'Rien n’a été envoyé', failed: 'Rien n’a échoué' },
  noneHint: {
    queued: 'Les messages attendent ici qu’un serveur de messagerie les prenne, en général quelques secondes.',
    sent: 'Les messages figurent ici une fois pris par un serveur de messagerie.',
    failed: 'Ce qu’un serveur de messagerie refuse pour de bon figurerait ici, avec la raison et quoi faire.',
  },
  nothingYet: 'Aucun message pour l’instant',
  nothingYetHint:
    'Quand vous invitez quelqu’un, son e-mail figure ici, et on voit s’il est arrivé à son serveur de messagerie.',
  notAllowed: 'Vous ne pouvez pas voir la boîte d’envoi',
  notAllowedHint:
    'Elle est pour les personnes qui gèrent les membres. L’une d’elles peut vous donner cette permission.',
};
