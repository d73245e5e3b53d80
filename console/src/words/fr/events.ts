import { counting } from '../counting.ts';
import type { events as english } from '../en/events.ts';

const count = counting('fr');

export const events: typeof english = {
  somebody: 'Quelqu’un',
  byKey: (name) => `${name} (clé d’API)`,
  byPartner: (name) => `${name} (clé de partenaire)`,
  otherDone: (who, action) => `${who} : ${action}`,
  otherTried: (who, action) => `${who}, refusé : ${action}`,
  actions: {
    'organization.created': {
      name: 'Organisation créée',
      done: (who) => `${who} a créé l’organisation`,
      tried: (who) => `${who} a tenté de créer une organisation`,
    },
    'organization.updated': {
      name: 'Organisation modifiée',
      done: (who) => `${who} a modifié l’organisation`,
      tried: (who) => `${who} a tenté de modifier l’organisation`,
    },
    'plan.changed': {
      name: 'Forfait changé',
      done: (who) => `${who} a changé le forfait`,
      tried: (who) => `${who} a tenté de changer le forfait`,
    },
    'member.invited': {
      name: 'Personne invitée',
      done: (who, whom) => `${who} a invité ${whom}`,
      tried: (who) => `${who} a tenté d’inviter quelqu’un`,
    },
    'member.updated': {
      name: 'Membre modifié',
      done: (who, whom) => `${who} a modifié l’accès de ${whom}`,
      tried: (who) => `${who} a tenté de modifier l’accès de quelqu’un`,
    },
    'member.revoked': {
      name: 'Membre retiré',
      done: (who, whom) => `${who} a retiré ${whom}`,
      tried: (who) => `${who} a tenté de retirer quelqu’un`,
    },
    'member.left': {
      name: 'Membre parti',
      done: (who) => `${who} a quitté l’organisation`,
      tried: (who) => `${who} a tenté de quitter l’organisation`,
    },
    'member.signed_in': {
      name: 'Connexion',
      done: (who) => `${who} s’est connecté`,
      tried: (who) => `${who} a tenté de se connecter`,
    },
    'member.passkey_added': {
      name: 'Clé d’accès ajoutée',
      done: (who) => `${who} a ajouté une clé d’accès`,
      tried: (who) => `${who} a tenté d’ajouter une clé d’accès`,
    },
    'member.passkey_removed': {
      name: 'Clé d’accès supprimée',
      done: (who) => `${who} a supprimé une clé d’accès`,
      tried: (who) => `${who} a tenté de supprimer une clé d’accès`,
    },
    'member.passkey_copied': {
      name: 'Clé d’accès copiée refusée',
      done: (who) => `Une clé d’accès de ${who} semble avoir été copiée`,
      tried: (who) => `Quelqu’un a tenté de se connecter comme ${who} avec une clé d’accès qui semble être une copie`,
    },
    'invitation.resent': {
      name: 'Invitation renvoyée',
      done: (who, whom) => `${who} a envoyé une nouvelle invitation à ${whom} ; l’ancien lien ne marche plus`,
      tried: (who) => `${who} a tenté de renvoyer une invitation`,
    },
    'invitation.cancelled': {
      name: 'Invitation annulée',
      done: (who, whom) => `${who} a annulé l’invitation de ${whom}`,
      tried: (who) => `${who} a tenté d’annuler une invitation`,
    },
    'invitation.accepted': {
      name: 'Invitation acceptée',
      done: (_, whom) => `${whom} a accepté l’invitation et rejoint l’organisation`,
      tried: (who) => `${who} a tenté d’accepter une invitation`,
    },
    'invitation.declined': {
      name: 'Invitation déclinée',
      done: (_, whom) => `${whom} a décliné l’invitation`,
      tried: (who) => `${who} a tenté de décliner une invitation`,
    },
    'invitation.link_revealed': {
      name: 'Lien d’invitation copié',
      done: (who, whom) => `${who} a copié le lien d’invitation de ${whom}`,
      tried: (who) => `${who} a tenté de copier un lien d’invitation`,
    },
    'ownership.given': {
      name: 'Propriété donnée',
      done: (who, whom) => `${who} a fait de ${whom} un propriétaire`,
      tried: (who) => `${who} a tenté de donner la propriété`,
    },
    'ownership.stepped_down': {
      name: 'Propriété abandonnée',
      done: (who) => `${who} a renoncé à la propriété`,
      tried: (who) => `${who} a tenté de renoncer à la propriété`,
    },
    'api_key.created': {
      name: 'Clé d’API créée',
      done: (who) => `${who} a créé une clé d’API`,
      tried: (who) => `${who} a tenté de créer une clé d’API`,
    },
    'api_key.rotated': {
      name: 'Clé d’API renouvelée',
      done: (who) => `${who} a renouvelé une clé d’API`,
      tried: (who) => `${who} a tenté de renouveler une clé d’API`,
    },
    'api_key.adopted': {
      name: 'Clé d’API reprise',
      done: (who) => `${who} a repris une clé d’API`,
      tried: (who) => `${who} a tenté de reprendre une clé d’API`,
    },
    'api_key.deleted': {
      name: 'Clé d’API supprimée',
      done: (who) => `${who} a supprimé une clé d’API`,
      tried: (who) => `${who} a tenté de supprimer une clé d’API`,
    },
    'partner_key.created': {
      name: 'Clé de partenaire créée',
      done: (who) => `${who} a créé une clé de partenaire`,
      tried: (who) => `${who} a tenté de créer une clé de partenaire`,
    },
    'partner_key.rotated': {
      name: 'Clé de partenaire renouvelée',
      done: (who) => `${who} a renouvelé une clé de partenaire`,
      tried: (who) => `${who} a tenté de renouveler une clé de partenaire`,
    },
    'partner_key.deleted': {
      name: 'Clé de partenaire supprimée',
      done: (who) => `${who} a supprimé une clé de partenaire`,
      tried: (who) => `${who} a tenté de supprimer une clé de partenaire`,
    },
  },
  refused: 'Refusé',
  everything: 'tout, maintenant et plus tard',
  nothing: 'rien',
  inFeature: (feature, permissions) => `${feature} : ${permissions}`,
  features: (features) => features.join(' ; '),
  gained: (what) => `Gagné : ${what}`,
  lost: (what) => `Perdu : ${what}`,
  given: (what) => `Donné : ${what}`,
  had: (what) => `Avait : ${what}`,
  suspended: 'Suspendu : n’a plus rien pour l’instant',
  resumed: 'N’est plus suspendu',
  ends: (when) => `L’accès se termine le ${when}`,
  endsNoMore: 'L’accès n’a plus de fin',
  externalId: 'L’identifiant propre au produit a été modifié',
  againAfter: {
    declined: 'Après que l’invitation précédente a été déclinée',
    expired: 'Après que l’invitation précédente a expiré',
  },
  wasPending: 'N’avait pas encore rejoint',
  wasOwner: 'Était propriétaire',
  methods: {
    mailed_link: 'Par un lien envoyé',
    operator_link: 'Par un lien de l’opérateur',
    invitation: 'En rejoignant l’organisation',
    passkey: 'Par une clé d’accès',
  },
  named: (name) => `Nommée « ${name} »`,
  copiedLink: 'Par un lien copié, qui ne prouve rien sur la boîte aux lettres',
  otherSession: 'Refusé : quelqu’un d’autre était connecté',
  fields: { name: 'nom', locale: 'langue', redirect_url: 'adresse après l’arrivée' },
  changedFields: (fields) => `Modifié : ${fields}`,
  plan: (name, seats) =>
    seats === null ? `Forfait : ${name}` : `Forfait : ${name}, ${count(seats, { one: 'place', other: 'places' })}`,
  planBefore: (name, seats) =>
    seats === null ? `Avant : ${name}` : `Avant : ${name}, ${count(seats, { one: 'place', other: 'places' })}`,
  expires: (when) => `Expire le ${when}`,
  addresses: (many) => `Seulement depuis ${count(many, { one: 'plage d’adresses', other: 'plages d’adresses' })}`,
  overlap: (minutes) =>
    minutes === 0
      ? 'L’ancienne clé a cessé aussitôt'
      : minutes < 120
        ? `L’ancienne clé a marché encore ${count(minutes, { one: 'minute', other: 'minutes' })}`
        : `L’ancienne clé a marché encore ${count(Math.round(minutes / 60), { one: 'heure', other: 'heures' })}`,
};
