import type { common as english } from '../en/common.ts';

export const common: typeof english = {
  cancel: 'Annuler',
  close: 'Fermer',
  save: 'Enregistrer',
  saved: 'Enregistré.',
  retry: 'Réessayer',
  loading: 'Chargement…',
  more: 'Afficher plus',
  moreShown: 'La suite est affichée au-dessus.',
  allShown: 'C’est tout.',
  copy: 'Copier',
  copied: 'Copié.',
  copyFailed: 'Votre navigateur ne permet pas de copier. Sélectionnez le texte et copiez-le vous-même.',
  never: 'jamais',
};
