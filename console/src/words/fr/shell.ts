import type { shell as english } from '../en/shell.ts';

export const shell: typeof english = {
  skip: 'Aller au contenu',
  navigation: 'Principale',
  openMenu: 'Ouvrir le menu',
  closeMenu: 'Fermer le menu',
  people: 'Personnes',
  activity: 'Activité',
  outbox: 'Boîte d’envoi',
  keys: 'Clés d’API',
  organization: 'Organisation',
  ownAccess: 'Votre accès',
  organizationNow: (name) => `Organisation : ${name}. Changer`,
  yourOrganizations: 'Vos organisations',
  userMenu: (email) => `Vous : ${email}`,
  account: 'Connexion et clés d’accès',
  scheme: 'Apparence',
  schemes: { light: 'Claire', dark: 'Sombre', auto: 'Comme l’appareil' },
  language: 'Langue',
  reference: 'Référence de l’API',
  signOut: 'Se déconnecter',
  start: 'Accueil',
  noOrganization: 'Vous n’appartenez à aucune organisation',
  noOrganizationHint:
    'Demandez à une personne qui gère les membres de vous inviter. Une fois que vous l’aurez rejointe, elle apparaîtra ici.',
  otherOrganization: 'Cette organisation n’est pas l’une des vôtres',
  otherOrganizationHint:
    'On vous a peut-être envoyé un lien vers une autre équipe, ou votre accès vous a été retiré. Choisissez l’une de vos organisations, ou demandez à la personne qui vous a envoyé le lien.',
  notFound: 'Cette page n’existe pas',
  notFoundHint: 'L’adresse est peut-être mal tapée, ou ce qu’elle désignait a changé de place.',
  toStart: 'Vers l’accueil',
};
