import type { permissions as english } from '../en/permissions.ts';

export const permissions: typeof english = {
  everything: 'Tout, maintenant et plus tard',
  everythingHint: 'Chaque permission existante, et celles qui seront ajoutées un jour.',
  all: (feature) => `Tout dans ${feature}`,
  chosen: (count, all) => `${count} sur ${all}`,
  find: 'Chercher une permission',
  nothingFound: 'Aucune permission ne contient ces mots.',
  otherArea: 'Général',
  notInPlan: 'Pas dans votre forfait',
  notYours: 'Vous ne l’avez pas vous-même, donc vous ne pouvez pas la donner',
  everythingNotYours: 'Seule une personne qui a tout peut donner tout',
  none: 'Rien',
  gains: 'Gagne',
  loses: 'Perd',
  colon: ' : ',
  keeps: 'Garde',
  everythingGained: 'tout, maintenant et plus tard',
  maskedByPlan: 'Donné, mais pas dans votre forfait',
};
