import type { GetMeReply } from '@latchkey/client';
import { Alert, Button, Select, Stack, Text, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import { useChange, usePersonalRead, useRead } from '../../api.ts';
import { announce } from '../../components/announce.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { AlertTriangleIcon, InfoCircleIcon, SendIcon } from '../../components/icons.tsx';
import { LeaveWarning } from '../../components/leave-warning.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { PageSkeleton } from '../../components/skeletons.tsx';
import { useHeld, useMe } from '../../held.ts';
import { languages } from '../../language.ts';
import { type Catalogue, useCatalogue } from '../../permissions/catalogue.ts';
import { type Grants, isNothing, noGrants } from '../../permissions/grants.ts';
import { GrantsInWords } from '../../permissions/grants-in-words.tsx';
import { limitsOf } from '../../permissions/limits.ts';
import { PermissionMatrix } from '../../permissions/permission-matrix.tsx';
import { useOrganization } from '../../session.tsx';
import { useFormats, useWords } from '../../words/words.tsx';
import { AddressField, completed, type Entered, nobody } from './address-field.tsx';
import type { Address } from './addresses.ts';
import { CopyFromMember } from './copy-from-member.tsx';
import classes from './invite-page.module.css';
import { NotInvited } from './not-invited.tsx';
import { type Offer, type Result, sendInvitations, useRehearsal } from './offer.ts';
import { Results } from './results.tsx';
import { SeatsNotice } from './seats-notice.tsx';

/** Invites people: many at once, all with the same permissions. */
export function InvitePage() {
  const { invite: words, problems } = useWords();
  const { id } = useOrganization();
  const me = useMe(id);
  const catalogue = useCatalogue();
  const held = useHeld(id);
  const mailed =
    usePersonalRead(['sign-in'], (latchkey, signal) => latchkey.describeSignIn({ signal })).data?.mailed_links ?? true;
  return (
    <>
      <PageHeader title={words.title} lead={mailed ? words.lead : words.leadWithoutMail} />
      {held?.people === false ? (
        <EmptyState title={problems.permission_denied} />
      ) : (
        <Loaded query={me} skeleton={<PageSkeleton />}>
          {(mine) => (
            <Loaded query={catalogue} skeleton={<PageSkeleton />}>
              {(known) => <InviteForm me={mine} catalogue={known} mailed={mailed} />}
            </Loaded>
          )}
        </Loaded>
      )}
    </>
  );
}

function InviteForm({ me, catalogue, mailed }: { me: GetMeReply; catalogue: Catalogue; mailed: boolean }) {
  const words = useWords().invite;
  const limits = limitsOf(me, catalogue);
  const field = useRef<HTMLInputElement>(null);
  const permissionsHeading = useRef<HTMLDivElement>(null);
  const [entered, setEntered] = useState<Entered>(nobody);
  const [grants, setGrants] = useState<Grants>(noGrants);
  const [locale, setLocale] = useState('');
  const [results, setResults] = useState<Result[]>([]);
  const [tried, setTried] = useState(false);

  const addresses = completed(entered);
  const emails = emailsIn(addresses);
  // What is still being typed is not judged yet.
  const rehearsal = useRehearsal({ emails: emailsIn(entered.addresses), grants, locale });
  const refused = new Set(emails.filter((email) => rehearsal.data?.get(email)?.outcome === 'refused'));
  const toInvite = emails.filter((email) => !refused.has(email));
  const staying = entered.addresses.filter((address) => !('email' in address) || refused.has(address.email));

  const keepOnly = (left: Address[]) => setEntered({ addresses: left, text: '' });
  const send = useChange((latchkey, offer: Offer) => {
    let left = addresses;
    const done: Result[] = [];
    return sendInvitations(latchkey, offer, {
      progress(some) {
        done.push(...some);
        const gone = new Set(some.filter(({ outcome }) => outcome !== 'refused').map(({ email }) => email));
        left = left.filter((address) => !('email' in address && gone.has(address.email)));
        keepOnly(left);
        setResults([...done]);
      },
    });
  });

  const submit = () => {
    setTried(true);
    if (toInvite.length === 0) return field.current?.focus();
    if (isNothing(grants)) return permissionsHeading.current?.focus();
    send.mutate(
      { emails: toInvite, grants, locale },
      {
        onSuccess(all) {
          setTried(false);
          const failed = all.filter(({ outcome }) => outcome === 'refused').length;
          announce(words.resultsHint(all.length - failed, failed));
          scrollTo({ top: 0 });
        },
      },
    );
  };

  const correct = (address: Address) => {
    setEntered({ addresses: addresses.filter((other) => other !== address), text: address.written });
    field.current?.focus();
  };

  const noAddress = tried && emails.length === 0 ? words.noAddress : undefined;
  const noPermission = tried && isNothing(grants);
  return (
    <>
      <LeaveWarning unsaved={addresses.length > 0 && !send.isPending} words={words} />
      <div className={classes.columns}>
        {results.length > 0 && (
          <div className={classes.results}>
            <Results results={results} mailed={mailed} />
          </div>
        )}
        <Stack gap="lg" className={classes.form}>
          <Section title={words.who}>
            <AddressField ref={field} entered={entered} onChange={setEntered} refused={refused} error={noAddress} />
            <NotInvited addresses={entered.addresses} rehearsal={rehearsal.data} onCorrect={correct} />
            <MailLanguage locale={locale} onChange={setLocale} />
          </Section>
          <Section title={words.permissions} hint={words.permissionsHint}>
            <Stack gap="lg" ref={permissionsHeading} tabIndex={-1} className={classes.permissions}>
              {noPermission && (
                <Alert color="red" variant="light" icon={<AlertTriangleIcon />} role="alert">
                  {words.noPermission}
                </Alert>
              )}
              <CopyFromMember catalogue={catalogue} limits={limits} onCopy={setGrants} />
              <PermissionMatrix catalogue={catalogue} grants={grants} limits={limits} onChange={setGrants} />
            </Stack>
          </Section>
        </Stack>
        <aside className={classes.aside} aria-labelledby="preview">
          <Stack gap="md">
            <Title order={2} id="preview">
              {words.preview}
            </Title>
            <div className={classes.preview}>
              {isNothing(grants) ? (
                <Text size="sm" c="dimmed">
                  {words.previewNobody}
                </Text>
              ) : (
                <GrantsInWords grants={grants} catalogue={catalogue} />
              )}
            </div>
            <SeatsNotice inviting={toInvite.length} />
            {!mailed && (
              <Alert variant="light" icon={<InfoCircleIcon />} title={words.noMail}>
                {words.noMailHint}
              </Alert>
            )}
            <ErrorNotice error={send.error} reasons={words.reasons} />
            {send.error && results.length > 0 && <Text size="sm">{words.stopped}</Text>}
            <Button size="md" fullWidth leftSection={<SendIcon size={18} />} loading={send.isPending} onClick={submit}>
              {mailed ? words.send(toInvite.length) : words.makeLinks(toInvite.length)}
            </Button>
            {staying.length > 0 && toInvite.length > 0 && (
              <Text size="sm" c="dimmed">
                {words.staysHere(staying.length)}
              </Text>
            )}
          </Stack>
        </aside>
      </div>
    </>
  );
}

const emailsIn = (addresses: readonly Address[]): string[] =>
  addresses.flatMap((address) => ('email' in address ? [address.email] : []));

function MailLanguage({ locale, onChange }: { locale: string; onChange: (locale: string) => void }) {
  const words = useWords().invite;
  const formats = useFormats();
  const { data } = useRead(['account'], (latchkey, signal) => latchkey.getAccount({ signal }));
  const named = (tag: string): string => formats.languageName(tag.split(/[-_]/, 1)[0] ?? tag);
  return (
    <Select
      mt="lg"
      label={words.language}
      description={words.languageHint}
      data={[
        { value: '', label: words.organizationLanguage(data ? named(data.locale) : '…') },
        ...Object.keys(languages).map((code) => ({ value: code, label: named(code) })),
      ]}
      value={locale}
      onChange={(value) => onChange(value ?? '')}
      allowDeselect={false}
      maw={320}
    />
  );
}
