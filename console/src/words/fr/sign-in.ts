import type { signIn as english } from '../en/sign-in.ts';

export const signIn: typeof english = {
  title: 'Se connecter',
  ended: 'Votre session est terminée. Reconnectez-vous pour reprendre là où vous étiez.',
  email: 'Votre adresse e-mail',
  emailHint: 'Nous vous envoyons un lien. Il n’y a pas de mot de passe.',
  emailMissing: 'Saisissez votre adresse e-mail, par exemple mei@example.com.',
  request: 'M’envoyer un lien',
  requested: 'Regardez dans votre boîte aux lettres',
  requestedMeaning: (email) =>
    `Si quelqu’un se connecte avec ${email}, un lien y est en route. Il fonctionne une fois, et peu de temps.`,
  requestedHint: 'Rien n’est arrivé ? Regardez dans les indésirables, ou vérifiez l’adresse et redemandez.',
  requestAgain: 'Redemander',
  or: 'ou',
  passkey: 'Se connecter avec une clé d’accès',
  passkeyFailed: 'La clé d’accès n’a pas servi. Réessayez, ou faites-vous envoyer un lien.',
  noMail: 'Ce serveur n’envoie pas d’e-mails',
  noMailMeaning:
    'Demandez un lien de connexion à la personne qui gère le serveur. Elle le crée avec la commande ci-dessous, et il fonctionne une fois. Une clé d’accès fonctionne comme toujours.',
  openHeading: (email) => `Se connecter en tant que ${email}`,
  openMeaning:
    'Le lien fonctionne une fois. Qui s’en sert agit en tant que cette personne : ne l’utilisez que s’il est à vous.',
  open: 'Se connecter',
  exampleAddress: 'vous@example.com',
  reasons: {
    invalid_email: 'Ce n’est pas une adresse e-mail. Elle ressemble à mei@example.com.',
    no_membership:
      'Vous ne faites plus partie d’aucune organisation ici. Demandez à une personne qui gère les membres de vous inviter.',
    passkey_refused: 'Cette clé d’accès n’a pas été acceptée. Réessayez, ou faites-vous envoyer un lien.',
    passkey_copied:
      'Cette clé d’accès a peut-être été copiée. Connectez-vous par un lien, supprimez-la et ajoutez-en une nouvelle.',
  },
  notYou: 'Ce n’est pas moi',
  usedHeading: 'Ce lien a déjà servi',
  usedMeaning: 'Chaque lien connecte une fois. Demandez-en un nouveau.',
  expiredHeading: 'Ce lien a expiré',
  expiredMeaning: 'Les liens ne fonctionnent que peu de temps. Demandez-en un nouveau.',
  unknownHeading: 'Ce lien ne fonctionne pas',
  unknownMeaning: 'Une partie s’est peut-être perdue en route. Rouvrez-le depuis l’e-mail, ou demandez-en un nouveau.',
};
