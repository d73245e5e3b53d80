import type { copyLink as english } from '../en/copy-link.ts';

export const copyLink: typeof english = {
  title: 'Copier le lien d’invitation',
  whatItIs: (email) =>
    `Le lien fait entrer quiconque l’ouvre, en tant que ${email}. Remettez-le vous-même, d’une manière que cette personne seule peut lire. Contrairement au lien envoyé par e-mail, il ne prouve rien sur sa boîte aux lettres : il ne lui permet pas de se connecter ensuite à cette console.`,
  recorded: 'Le fait que vous le consultez est noté dans l’activité, avec votre nom.',
  show: 'Afficher le lien',
  link: (email) => `Lien pour ${email}`,
  until: (when) => `Valable jusqu’au ${when}.`,
  handOver:
    'Ne le donnez qu’à cette personne. Envoyer à nouveau l’invitation crée un nouveau lien, et celui-ci prend fin.',
  copy: 'Copier le lien',
  reasons: {
    not_pending:
      'Il n’y a pas d’invitation ouverte : la personne a rejoint, ou l’invitation a pris fin. Rechargez la page.',
    grant_ceiling: 'Cette invitation donne plus que ce que vous avez, vous ne pouvez donc pas voir son lien.',
    unknown_member: 'Cette personne n’est plus invitée.',
  },
};
