/**
 * Every word of the join page. `{name}` marks a place that the page fills with text, never with markup.
 * Each way an invitation can go has a heading, what it means, and what to do now.
 */
export const words = {
  en: {
    title: 'Invitation',
    opening: 'Opening your invitation…',
    someone: 'Someone',
    anOrganization: 'the organization',

    inviteHeading: '{inviter} invites you to join {organization}',
    invitedAs: 'Invitation for',
    openUntil: 'Open until',
    accessHeading: 'What you will be able to do',
    accessOwner: 'Everything. You will be an owner: you decide about members and other owners too.',
    accessAll: 'Use every feature, including those added later.',
    accessNone: 'Nothing yet: permissions can be added after you join.',
    moreFeatures: '{count} more features',
    join: 'Join',
    joining: 'Joining…',
    decline: 'Decline',
    declining: 'Declining…',
    declineQuestion: 'Decline this invitation?',
    declineMeaning: 'The link stops working. To join later, you would have to be invited again.',
    declineConfirm: 'Yes, decline',
    declineKeep: 'No, go back',

    joinedHeading: 'You’re in',
    joinedMeaning: '{email} is now a member of {organization}.',
    joinedBeforeHeading: 'You have already joined',
    joinedBeforeMeaning: '{email} is a member of {organization}. There is nothing left to do here.',
    goOn: 'Continue to {host}',
    goToTeam: 'Go to your team',
    closePage: 'You can close this page.',

    declinedHeading: 'Invitation declined',
    declinedMeaning: '{email} will not become a member of {organization}.',
    declinedBeforeHeading: 'This invitation was declined',
    declinedBeforeMeaning: 'Its link no longer works.',
    declinedHint: 'Changed your mind? Ask {organization} to invite you again.',
    declinedBeforeHint: 'To join after all, ask {organization} to invite you again.',

    expiredHeading: 'This invitation has expired',
    expiredMeaning: 'Nobody joined in time, so the link no longer works.',
    expiredHint: 'Ask {organization} to send the invitation again. You will receive a new link.',

    cancelledHeading: 'This invitation was withdrawn',
    cancelledMeaning: '{organization} has taken the invitation back, so the link no longer works.',
    cancelledHint: 'If you think this is a mistake, ask the person who invited you.',

    replacedHeading: 'There is a newer invitation',
    replacedMeaning: '{organization} has sent the invitation again, and only the newest link works.',
    replacedHint: 'Look in your mailbox for the most recent invitation and open the link in it.',

    unknownHeading: 'This link does not work',
    unknownMeaning: 'No invitation belongs to it. Part of the link may have been lost on its way here.',
    unknownHint:
      'Open the link from the mail again, or copy all of it. If that does not help, ask to be invited again.',

    noTokenHeading: 'Open the link from your invitation',
    noTokenMeaning:
      'This address is incomplete: the part after “#”, which tells us which invitation is yours, is missing.',
    noTokenHint: 'Go back to the mail and follow its link, or copy the whole address.',

    notEntitledHeading: 'You cannot join right now',
    notEntitledMeaning: 'Whoever sent this invitation may no longer give the permissions in it.',
    notEntitledHint: 'Ask someone who manages the members of {organization} to send you the invitation again.',

    noSeatHeading: '{organization} is full',
    noSeatMeaning: 'Every seat is taken, so nobody can join at the moment. Your invitation stays open.',
    noSeatHint: 'Tell the person who invited you. Once there is a free seat, you can join with this same link.',

    signedInAsAnotherHeading: 'This invitation is for another address',
    signedInAsAnotherMeaning:
      'You are signed in as {signedInAs} here, but this invitation is for {email}. Nothing has been accepted.',
    signedInAsAnotherHint:
      'To join as {email}, sign out first: the invitation opens again. To decline, go back: that works without signing out.',
    somebodyElse: 'somebody else',
    signOut: 'Sign out and continue',
    signingOut: 'Signing out…',
    goBack: 'Back to the invitation',

    limitedHeading: 'Please wait a moment',
    limitedMeaning: 'There have been too many attempts in a short time. Your invitation is untouched.',
    limitedHint: 'You can try again in {duration}.',
    limitedOver: 'You can try again now.',

    unreachableHeading: 'The server cannot be reached',
    unreachableMeaning: 'Either your connection or our server is interrupted. Your invitation is not lost.',
    unreachableHint: 'Check your connection and try again. It is safe to repeat.',

    brokenHeading: 'Something went wrong',
    brokenMeaning: 'The server could not answer. Your invitation is not lost.',
    brokenHint: 'Try again in a little while. It is safe to repeat.',

    retry: 'Try again',
    retrying: 'Trying again…',
  },
  fr: {
    title: 'Invitation',
    opening: 'Ouverture de votre invitation…',
    someone: 'Quelqu’un',
    anOrganization: 'l’organisation',

    inviteHeading: '{inviter} vous invite à rejoindre {organization}',
    invitedAs: 'Invitation pour',
    openUntil: 'Valable jusqu’au',
    accessHeading: 'Ce que vous pourrez faire',
    accessOwner: 'Tout. Vous serez propriétaire\u00a0: vous déciderez aussi des membres et des autres propriétaires.',
    accessAll: 'Utiliser toutes les fonctionnalités, y compris celles ajoutées plus tard.',
    accessNone: 'Rien pour l’instant\u00a0: des autorisations pourront être ajoutées après votre arrivée.',
    moreFeatures: '{count} autres fonctionnalités',
    join: 'Rejoindre',
    joining: 'En cours…',
    decline: 'Refuser',
    declining: 'En cours…',
    declineQuestion: 'Refuser cette invitation\u00a0?',
    declineMeaning: 'Le lien cessera de fonctionner. Pour changer d’avis, il vous faudra une nouvelle invitation.',
    declineConfirm: 'Oui, refuser',
    declineKeep: 'Non, revenir',

    joinedHeading: 'C’est fait, bienvenue',
    joinedMeaning: '{email} est maintenant membre de {organization}.',
    joinedBeforeHeading: 'Vous êtes déjà membre',
    joinedBeforeMeaning: '{email} est membre de {organization}. Il n’y a plus rien à faire ici.',
    goOn: 'Continuer vers {host}',
    goToTeam: 'Voir votre équipe',
    closePage: 'Vous pouvez fermer cette page.',

    declinedHeading: 'Invitation refusée',
    declinedMeaning: '{email} ne deviendra pas membre de {organization}.',
    declinedBeforeHeading: 'Cette invitation a été refusée',
    declinedBeforeMeaning: 'Son lien ne fonctionne plus.',
    declinedHint: 'Vous avez changé d’avis\u00a0? Demandez à {organization} de vous inviter à nouveau.',
    declinedBeforeHint: 'Pour rejoindre malgré tout, demandez à {organization} de vous inviter à nouveau.',

    expiredHeading: 'Cette invitation a expiré',
    expiredMeaning: 'Elle n’a pas été acceptée à temps\u00a0: le lien ne fonctionne plus.',
    expiredHint: 'Demandez à {organization} de renvoyer l’invitation. Vous recevrez un nouveau lien.',

    cancelledHeading: 'Cette invitation a été retirée',
    cancelledMeaning: '{organization} a annulé l’invitation\u00a0: le lien ne fonctionne plus.',
    cancelledHint: 'S’il s’agit d’une erreur, adressez-vous à la personne qui vous l’a envoyée.',

    replacedHeading: 'Il existe une invitation plus récente',
    replacedMeaning: '{organization} a renvoyé l’invitation, et seul le dernier lien fonctionne.',
    replacedHint: 'Cherchez l’invitation la plus récente dans votre messagerie et ouvrez son lien.',

    unknownHeading: 'Ce lien ne fonctionne pas',
    unknownMeaning: 'Aucune invitation n’y correspond. Une partie du lien s’est peut-être perdue en route.',
    unknownHint:
      'Ouvrez à nouveau le lien du message, ou copiez-le en entier. Si rien n’y fait, demandez une nouvelle invitation.',

    noTokenHeading: 'Ouvrez le lien de votre invitation',
    noTokenMeaning:
      'Cette adresse est incomplète\u00a0: il manque la partie après «\u00a0#\u00a0», qui indique quelle invitation est la vôtre.',
    noTokenHint: 'Revenez au message et suivez son lien, ou copiez l’adresse entière.',

    notEntitledHeading: 'Vous ne pouvez pas rejoindre pour le moment',
    notEntitledMeaning: 'L’auteur de cette invitation n’a plus le droit d’accorder les autorisations qu’elle contient.',
    notEntitledHint: 'Demandez à une personne qui gère les membres de {organization} de vous renvoyer l’invitation.',

    noSeatHeading: '{organization} est au complet',
    noSeatMeaning:
      'Toutes les places sont prises\u00a0: personne ne peut rejoindre pour le moment. Votre invitation reste valable.',
    noSeatHint:
      'Prévenez la personne qui vous a envoyé l’invitation. Dès qu’une place se libère, ce même lien vous permettra de rejoindre.',

    signedInAsAnotherHeading: 'Cette invitation est pour une autre adresse',
    signedInAsAnotherMeaning:
      'Ce navigateur est connecté en tant que {signedInAs}, mais cette invitation est destinée à {email}. Rien n’a été accepté.',
    signedInAsAnotherHint:
      'Pour rejoindre en tant que {email}, déconnectez-vous d’abord\u00a0: l’invitation s’ouvrira à nouveau. Pour refuser, revenez en arrière\u00a0: c’est possible sans vous déconnecter.',
    somebodyElse: 'quelqu’un d’autre',
    signOut: 'Se déconnecter et continuer',
    signingOut: 'Déconnexion…',
    goBack: 'Revenir à l’invitation',

    limitedHeading: 'Un instant, s’il vous plaît',
    limitedMeaning: 'Il y a eu trop de tentatives en peu de temps. Votre invitation est intacte.',
    limitedHint: 'Vous pourrez réessayer dans {duration}.',
    limitedOver: 'Vous pouvez réessayer maintenant.',

    unreachableHeading: 'Le serveur est injoignable',
    unreachableMeaning: 'Votre connexion ou notre serveur est interrompu. Votre invitation n’est pas perdue.',
    unreachableHint: 'Vérifiez votre connexion et réessayez. Répéter est sans risque.',

    brokenHeading: 'Un problème est survenu',
    brokenMeaning: 'Le serveur n’a pas pu répondre. Votre invitation n’est pas perdue.',
    brokenHint: 'Réessayez dans un moment. Répéter est sans risque.',

    retry: 'Réessayer',
    retrying: 'Nouvel essai…',
  },
};

/** French for every French locale (`fr_FR`, `fr-CA`), English for all others. */
export function languageOf(locale) {
  return /^fr(?![a-z])/i.test(locale ?? '') ? 'fr' : 'en';
}
