import { counting } from '../counting.ts';
import type { organization as english } from '../en/organization.ts';

const count = counting('fr');

export const organization: typeof english = {
  title: 'Organisation',
  lead: 'Comment votre équipe apparaît aux personnes que vous invitez, et ce que votre forfait vous donne.',
  profile: 'Profil',
  name: 'Nom',
  nameHint: 'Tel qu’on le lit dans les e-mails et sur la page d’invitation.',
  nameMissing: 'Donnez-lui un nom.',
  language: 'Langue des invitations',
  languageHint: 'Pour les personnes qui ne sont pas invitées dans une langue à elles.',
  otherLanguage: (tag) => `Comme réglé : ${tag}`,
  redirectUrl: 'Où l’on va après avoir rejoint l’équipe',
  redirectUrlHint: 'L’adresse de votre produit. Laissez vide pour rester ici.',
  changing: 'Modification de l’organisation',
  changed: 'L’organisation a été modifiée.',
  unsaved: 'Des modifications ne sont pas enregistrées.',
  discard: 'Abandonner',
  plan: 'Forfait',
  seats: 'Places',
  seatsUsed: (used, limit) => `${used} sur ${count(limit, { one: 'place prise', other: 'places prises' })}`,
  seatsWithoutLimit: (used) =>
    `${count(used, { one: 'place prise', other: 'places prises' })} ; le forfait n’a pas de limite`,
  seatsHint:
    'Chaque personne qui a rejoint l’équipe prend une place. Une invitation n’en prend pas avant d’être acceptée.',
  seatsFull:
    'Toutes les places sont prises : personne d’autre ne peut rejoindre l’équipe avant un départ ou un forfait plus grand.',
  included: 'Dans votre forfait',
  planHint: 'Le forfait est changé par le fournisseur de ce service.',
  featureCount: (have, all) => `${have} sur ${count(all, { one: 'fonction', other: 'fonctions' })}`,
  partly: (have, all) => `${have} sur ${count(all, { one: 'permission', other: 'permissions' })}`,
  notIncluded: 'non compris',
  identifier: 'Identifiant',
  identifierHint: 'Le nom de cette organisation pour les programmes.',
  forbidden: 'Seules les personnes qui ont tout peuvent modifier l’organisation.',
  reasons: {
    unsafe_url: 'Utilisez une adresse qui commence par https://, sans nom d’utilisateur ni mot de passe.',
  },
};
