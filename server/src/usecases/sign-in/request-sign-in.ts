import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { canonicalEmail } from '@latchkey/core/email.ts';
import { problem } from '@latchkey/core/problem.ts';
import { requestSignInLink } from '../../store/sign-in-links.ts';
import type { Outcome, PublicCall } from '../call.ts';
import { tooMuchMail } from '../invitations/too-much-mail.ts';

type Operation = Api['requestSignIn'];

/** The same answer, after the same work, whether or not the address signs anybody in (threat T19). */
export async function requestSignIn(
  call: PublicCall,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  const email = canonicalEmail(body.email);
  if (!call.signIn.mailsLinks) throw noMailServer();
  const link = { id: call.newId(), email, locale: body.locale ?? 'en', lifetimeSeconds: call.signIn.linkSeconds };
  const waitSeconds = await requestSignInLink(call.db, link, call.mailLimits.recipient);
  if (waitSeconds !== null) throw tooMuchMail(call.mailLimits, waitSeconds);
  call.mailQueued();
  return { body: { status: 'OK' } };
}

const noMailServer = () =>
  problem(
    'invalid_parameter',
    'email',
    'no_mail_server',
    'This server sends no mail. Ask whoever runs it for a link, which `npm run sign-in-link` makes, or use a passkey.',
  );
