import type { Language } from './language.ts';

/** What an invitation mail says. `{name}` marks a place to fill. */
export interface InvitationMailWords {
  subject: string;
  heading: string;
  preheader: string;
  accessHeading: string;
  accessOwner: string;
  accessAll: string;
  accessNone: string;
  open: string;
  openHint: string;
  copyLink: string;
  validity: string;
  personal: string;
  unexpected: string;
  someone: string;
  anOrganization: string;
  feature: string;
  titled: string;
}

export const invitationMailWords: Record<Language, InvitationMailWords> = {
  en: {
    subject: '{inviter} invited you to {organization}',
    heading: '{inviter} invites you to join {organization}',
    preheader: 'Join or decline until {until}.',
    accessHeading: 'What you will be able to do',
    accessOwner: 'Everything. You will be an owner: you decide about members and other owners too.',
    accessAll: 'Use every feature, including those added later.',
    accessNone: 'Nothing yet: permissions can be added after you join.',
    open: 'Open the invitation',
    openHint: 'You can join or decline there.',
    copyLink: 'If the button does not work, copy this address into your browser:',
    validity: 'This invitation is for {email}. It is open for {duration}, until {until}.',
    personal: 'The link is meant for you alone, so please do not forward this message.',
    unexpected:
      'Not expecting this? You can ignore this message. You become a member only if you join, and nobody can join for you without this link.',
    someone: 'Someone',
    anOrganization: 'an organization',
    feature: '{feature}: {permissions}',
    titled: '{title}:',
  },
  fr: {
    subject: '{inviter} vous invite à rejoindre {organization}',
    heading: '{inviter} vous invite à rejoindre {organization}',
    preheader: 'Acceptez ou refusez jusqu’au {until}.',
    accessHeading: 'Ce que vous pourrez faire',
    accessOwner: 'Tout. Vous serez propriétaire\u00a0: vous déciderez aussi des membres et des autres propriétaires.',
    accessAll: 'Utiliser toutes les fonctionnalités, y compris celles ajoutées plus tard.',
    accessNone: 'Rien pour l’instant\u00a0: des autorisations pourront être ajoutées après votre arrivée.',
    open: 'Ouvrir l’invitation',
    openHint: 'Vous pourrez y accepter ou refuser.',
    copyLink: 'Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u00a0:',
    validity: 'Cette invitation est destinée à {email}. Elle est valable {duration}, jusqu’au {until}.',
    personal: 'Le lien vous est réservé\u00a0: merci de ne pas transférer ce message.',
    unexpected:
      'Vous n’attendiez pas ce message\u00a0? Vous pouvez l’ignorer. Vous ne devenez membre que si vous acceptez, et personne ne peut accepter à votre place sans ce lien.',
    someone: 'Quelqu’un',
    anOrganization: 'une organisation',
    feature: '{feature}\u00a0: {permissions}',
    titled: '{title}\u00a0:',
  },
};
