import type { ownAccess as english } from '../en/own-access.ts';

export const ownAccess: typeof english = {
  title: 'Votre accès',
  lead: (organization) => `Ce que vous pouvez faire dans ${organization}.`,
  you: 'Vous',
  owner: 'Vous êtes propriétaire : vous avez tout, maintenant et plus tard.',
  everything: 'Vous avez tout, maintenant et plus tard.',
  nothing: 'Rien pour l’instant',
  nothingHint:
    'Vous êtes membre, et personne ne vous a encore donné de permission. Demandez à une personne qui gère les membres.',
  permissions: 'Ce que vous pouvez faire',
  permissionsHint: 'Dans la mesure où le forfait de votre organisation le comprend.',
  until: (date) => `Votre accès se termine le ${date}.`,
  suspended: 'Votre accès est suspendu',
  suspendedHint:
    'Vous êtes toujours membre et gardez vos permissions, mais elles ne comptent pas tant que la suspension dure.',
  ownership: 'Propriété',
  stepDown: 'Renoncer à la propriété',
  stepDownHint:
    'Si vous y renoncez, vous restez membre, avec les permissions qui vous ont été données par ailleurs. Un autre propriétaire peut vous la rendre.',
  stepDownTitle: 'Renoncer à la propriété ?',
  stepDownMeaning: (organization) =>
    `Vous ne serez plus propriétaire de ${organization}. Vous ne pouvez pas revenir en arrière vous-même.`,
  steppedDown: 'Vous n’êtes plus propriétaire.',
  leave: 'Quitter',
  leaveNamed: (organization) => `Quitter ${organization}`,
  leaveHint: 'Votre accès se termine aussitôt. Pour revenir, il vous faut une nouvelle invitation.',
  leaveTitle: (organization) => `Quitter ${organization} ?`,
  leaveMeaning:
    'Votre accès se termine aussitôt, et les clés qui agissent pour vous cessent de fonctionner. Pour revenir, il vous faut une nouvelle invitation.',
  leaveConfirm: 'Quitter',
  left: (organization) => `Vous avez quitté ${organization}.`,
  reasons: {
    last_owner: 'Vous êtes le dernier propriétaire. Nommez d’abord quelqu’un d’autre, sur sa page parmi les personnes.',
  },
};
