import type { Language } from './language.ts';

/** What the mail with a sign-in link says. `{name}` marks a place to fill. */
export interface SignInMailWords {
  subject: string;
  heading: string;
  preheader: string;
  open: string;
  openHint: string;
  copyLink: string;
  validity: string;
  personal: string;
  unexpected: string;
  titled: string;
}

export const signInMailWords: Record<Language, SignInMailWords> = {
  en: {
    subject: 'Your link to sign in to {host}',
    heading: 'Sign in to {host}',
    preheader: 'Good for one sign-in, until {until}.',
    open: 'Sign in',
    openHint: 'A page opens and asks you to confirm.',
    copyLink: 'If the button does not work, copy this address into your browser:',
    validity: 'This link signs in {email}. It works once, for {duration}, until {until}.',
    personal:
      'Whoever has the link can sign in as you. Nobody will ever ask you for it, so please do not forward this message or read the link out to anybody.',
    unexpected:
      'Somebody asked for this link with your address; we do not know who. If you did not ask for this, do nothing: without the link nobody is signed in.',
    titled: '{title}:',
  },
  fr: {
    subject: 'Votre lien pour vous connecter à {host}',
    heading: 'Se connecter à {host}',
    preheader: 'Valable pour une seule connexion, jusqu’au {until}.',
    open: 'Se connecter',
    openHint: 'Une page s’ouvre et vous demande de confirmer.',
    copyLink: 'Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur\u00a0:',
    validity: 'Ce lien connecte {email}. Il sert une seule fois, pendant {duration}, jusqu’au {until}.',
    personal:
      'Quiconque possède ce lien peut se connecter à votre place. Personne ne vous le demandera jamais\u00a0: merci de ne pas transférer ce message et de ne communiquer le lien à personne.',
    unexpected:
      'Quelqu’un a demandé ce lien avec votre adresse\u00a0; nous ne savons pas qui. Si vous n’avez rien demandé, ne faites rien\u00a0: sans ce lien, personne n’est connecté.',
    titled: '{title}\u00a0:',
  },
};
