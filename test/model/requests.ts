import type { Link } from './state.ts';

/** What is given, feature by feature; an empty list clears the feature. */
export interface Offer {
  everything: boolean;
  privileges: Record<string, readonly string[]>;
}

/** A credential as it is sent: which key, by which of its secrets. */
export interface Credential {
  key: string;
  secret: string;
}

/** Everything that can happen, fully said: the same value goes to the model and to the server. */
export type Request =
  | { do: 'send'; by: Credential; email: string; offer: Offer }
  | { do: 'update'; by: Credential; email: string; offer: Offer }
  | { do: 'resend' | 'cancel' | 'revoke' | 'give'; by: Credential; email: string }
  | { do: 'stepDown' | 'leave'; by: Credential }
  | { do: 'accept' | 'decline'; link: Link }
  | { do: 'createKey'; by: Credential; key: string; offer: Offer }
  | { do: 'deleteKey'; by: Credential; key: string }
  | { do: 'rotateKey'; by: Credential; key: string; secret: string; overlap: number }
  | { do: 'changePlan'; plan: 'full' | 'small'; seats: number | null }
  /** The deadline of somebody's invitation passes. */
  | { do: 'expire'; email: string }
  /** So much time passes that no retry counts as one any more. */
  | { do: 'wait' };

/** What is seen of a reply. */
export interface Answer {
  status: number;
  code?: string;
  reason?: string;
  /** Where active access changed. */
  revision?: number;
}
