import { counting } from '../counting.ts';
import type { keys as english } from '../en/keys.ts';

const count = counting('fr');

export const keys: typeof english = {
  title: 'Clés d’API',
  lead: 'Avec une clé, un programme fait ce que les personnes font ici. Donnez à chacun la sienne, avec ce qu’il lui faut et rien de plus.',
  create: 'Créer une clé',
  find: 'Chercher par nom, fin ou adresse',
  none: 'Aucune clé pour l’instant',
  noneHint: 'Créez-en une pour chaque programme qui invite des personnes ou demande ce qu’elles peuvent faire.',
  found: (found) => `${count(found, { one: 'clé trouvée', other: 'clés trouvées' })}.`,
  noneFound: 'Aucune clé ne contient ces mots',
  notAllowed: 'Vous ne pouvez pas gérer les clés d’API',
  notAllowedHint: 'Une personne qui gère les membres peut vous donner cette permission.',
  expired: 'Expirée',
  expiresSoon: 'Expire bientôt',
  expiredOn: (when) => `a expiré le ${when}`,
  expires: (when, distance) => `expire le ${when}, ${distance}`,
  neverExpires: 'n’expire jamais',
  lastUsed: 'Utilisée',
  neverUsed: 'Jamais utilisée',
  made: 'créée',
  fromAnywhere: 'Depuis toute adresse',
  onlyFrom: (addresses) => `Seulement depuis ${addresses}`,
  belongsTo: 'Appartient à',
  bound: 'ne fait jamais plus que ce que cette personne peut à ce moment',
  byItself: 'tient par elle-même, quoi qu’il advienne de cette personne',
  ofPartner: 'Créée par un partenaire ; n’appartient à aucun membre et tient par elle-même',
  barred: 'Elle peut plus que vous, vous ne pouvez donc pas la modifier.',
  may: (what) => `Peut : ${what}`,
  actionsFor: (name) => `Actions pour la clé ${name}`,
  rotate: 'Nouveau secret…',
  adopt: 'La reprendre…',
  delete: 'Supprimer…',

  rotateTitle: 'Donner un nouveau secret à cette clé ?',
  rotateMeaning: (name) =>
    `« ${name} » reste la même clé, avec tout ce qu’elle peut. Mettez le nouveau secret dans les réglages du programme avant la fin de l’ancien.`,
  overlap: 'L’ancien secret fonctionne encore',
  overlapHint: 'Choisissez « pas du tout » si quelqu’un d’autre a pu le voir.',
  overlaps: { now: 'pas du tout : il prend fin aussitôt', hour: 'une heure', day: 'un jour', week: 'une semaine' },
  rotateConfirm: 'Créer un nouveau secret',

  adoptTitle: 'Reprendre cette clé ?',
  adoptMeaning: (name, email) =>
    email === undefined
      ? `« ${name} » vous appartiendra. Elle tient par elle-même et continue de fonctionner telle quelle.`
      : `« ${name} » vous appartiendra au lieu de ${email}. Elle tiendra par elle-même : elle continue de fonctionner même si cette personne perd son accès ou part.`,
  adoptConfirm: 'La reprendre',
  adopted: (name) => `« ${name} » vous appartient désormais.`,

  deleteTitle: 'Supprimer cette clé ?',
  deleteMeaning: (name, hint) =>
    `Tout ce qui utilise « ${name} » (${hint}) sera refusé dès sa prochaine requête. Une clé supprimée ne revient pas.`,
  inUse: (when) => `Elle est en usage : ${when} encore. Un programme va cesser de fonctionner.`,
  deleteLastUsed: (when) => `Elle a été utilisée pour la dernière fois le ${when}.`,
  deleteNeverUsed: 'Elle n’a jamais été utilisée.',
  deleteConfirm: 'Supprimer la clé',
  deleted: (name) => `« ${name} » a été supprimée.`,

  back: 'Toutes les clés',
  standsByItself:
    'Elle vous appartiendra et tiendra par elle-même : elle continue de fonctionner telle quelle, quoi qu’il advienne de vous.',
  actsWithin: 'Elle vous appartiendra et ne fera jamais plus que vous : ce que vous perdez, elle le perd.',
  name: 'Nom',
  nameHint: 'À quoi sert la clé : le programme, et où il tourne.',
  nameMissing: 'Donnez un nom à la clé, comme « Facturation, production ».',
  nameRefused: 'Un nom a de 1 à 100 caractères, sans caractères de contrôle.',
  whatItMayDo: 'Ce qu’elle peut faire',
  whatItMayDoHint: 'Au plus ce que vous pouvez faire vous-même.',
  nothingChosen: 'Choisissez au moins une permission, ou tout.',
  limits: 'Quand et d’où',
  expiry: 'Expire',
  expiries: {
    '30': 'Dans 30 jours',
    '90': 'Dans 90 jours',
    '365': 'Dans un an',
    day: 'Un jour de votre choix',
    never: 'Jamais',
  },
  expiryHint: 'Une clé dont personne ne s’occupe devrait prendre fin.',
  until: (when) => `Le ${when}.`,
  lastDay: 'Dernier jour',
  lastDayHint: 'Elle fonctionne jusqu’à la fin de ce jour.',
  dayMissing: 'Choisissez un jour qui n’est pas encore passé.',
  addresses: 'Seulement depuis ces adresses',
  addressesHint: 'Une adresse ou une plage par ligne, IPv4 ou IPv6. Vide : depuis partout.',
  wrongAddress: (line, written) => `Ligne ${line} : « ${written} » n’est ni une adresse ni une plage.`,
  make: 'Créer la clé',

  secretTitle: 'Votre nouvelle clé',
  onlyNow:
    'Copiez-la maintenant et gardez-la là où le programme la lit. Elle n’est montrée que cette fois : nous ne gardons que de quoi la reconnaître.',
  secretOf: (name) => `Secret de « ${name} »`,
  copyKey: 'Copier le secret',
  kept: 'Je l’ai gardée',
  oldEnded: 'L’ancien secret a pris fin.',
  oldUntil: (when) => `L’ancien secret fonctionne jusqu’au ${when}.`,

  reasons: {
    grant_ceiling: 'C’est plus que ce que vous avez, vous ne pouvez donc ni le donner ni le retirer.',
    unknown_key: 'Cette clé n’est plus là ; quelqu’un d’autre l’a supprimée.',
  },
};
