import type { Api } from '@latchkey/core/api/index.ts';
import type { Body, Reply } from '@latchkey/core/api/operation.ts';
import { problem } from '@latchkey/core/problem.ts';
import { updateOrganizationFields } from '../../store/organizations.ts';
import { type Call, type Outcome, record } from '../call.ts';
import { underLock } from '../under-lock.ts';

type Operation = Api['updateOrganization'];

/** Changes what is named of name, language and the address people go to after joining. */
export function updateOrganization(
  call: Call,
  { body }: { body: Body<Operation> },
): Promise<Outcome<Reply<Operation>>> {
  if (Object.keys(body).length === 0)
    throw problem(
      'missing_parameter',
      'name',
      'missing',
      'Nothing to change: name at least one of name, locale and redirect_url.',
    );
  const redirectUrl = typeof body.redirect_url === 'string' ? readRedirectUrl(body.redirect_url) : body.redirect_url;
  return underLock(call, async (locked) => {
    const { organization } = locked.actor;
    const fields = {
      name: body.name ?? organization.name,
      locale: body.locale ?? organization.locale,
      redirectUrl: redirectUrl === undefined ? organization.redirectUrl : redirectUrl,
    };
    await updateOrganizationFields(locked.db, organization.id, fields);
    await record(locked, {
      action: 'organization.updated',
      target: { kind: 'organization', id: organization.id },
      details: { fields: Object.keys(body) },
    });
    return { body: { status: 'OK', name: fields.name, locale: fields.locale, redirect_url: fields.redirectUrl } };
  });
}

/** Only where a browser may safely be sent, written out by the URL parser so that what is checked is what is used. */
function readRedirectUrl(written: string): string {
  const url = URL.parse(written);
  const local = url !== null && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const safe =
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && local)) &&
    url.username === '' &&
    url.password === '';
  if (safe) return url.href;
  throw problem(
    'invalid_parameter',
    'redirect_url',
    'unsafe_url',
    'redirect_url is an https address (http only on localhost) without user name or password.',
  );
}
