import { counting } from '../counting.ts';
import type { problems as english } from '../en/problems.ts';

const count = counting('fr');

export const problems: typeof english = {
  unreachable: 'Le serveur est injoignable. Vérifiez votre connexion et réessayez ; vous pouvez répéter sans risque.',
  timeout: 'Le serveur met trop de temps à répondre. Réessayez dans un instant.',
  unauthorized: 'Vous n’êtes plus connecté. Reconnectez-vous.',
  permission_denied: 'Vous n’avez pas ce droit. Une personne qui gère les membres peut vous le donner.',
  document_not_found: 'Cela n’existe plus ici. Quelqu’un l’a peut-être supprimé ; rechargez la page.',
  precondition_failed: 'Quelqu’un d’autre a modifié ceci entre-temps. Regardez-le à nouveau avant de le modifier.',
  not_enough_credits:
    'Toutes les places du forfait sont prises. Retirez un accès à quelqu’un, ou demandez un forfait plus grand.',
  internal_error:
    'Une erreur est survenue sur le serveur. Réessayez ; si cela persiste, donnez à l’opérateur le numéro ci-dessous.',
  service_unavailable: 'Le serveur ne peut pas le faire en ce moment. Réessayez bientôt.',
  unexpected_reply: 'Quelque chose entre ici et le serveur a répondu à sa place. Réessayez dans un instant.',
  tooManyRequests: (seconds) =>
    seconds === undefined
      ? 'C’était trop en peu de temps. Patientez un peu et réessayez.'
      : `C’était trop en peu de temps. Réessayez dans ${
          seconds < 120
            ? count(seconds, { one: 'seconde', other: 'secondes' })
            : count(Math.ceil(seconds / 60), { one: 'minute', other: 'minutes' })
        }.`,
  signInAgain: 'Pour cela, reconnectez-vous : votre connexion doit dater de moins d’une heure.',
  signInNow: 'Se reconnecter',
  other: 'Cela n’a pas fonctionné :',
  requestId: (id) => `Numéro de cette requête : ${id}`,
  pageFailed: 'Cette page n’a pas pu être affichée',
  reload: 'Recharger la page',
};
