-- A person who signs in, across organizations. Made when somebody joins by a mailed link, or by the operator's word; never by asking.
create table identity (
  id uuid not null primary key,
  email text collate "C" not null unique,
  created_at timestamptz not null default now()
);
comment on table identity is 'A person who signs in, across organizations: the holder of one proven mailbox.';
comment on column identity.email is 'Canonical form, as in member: where sign-in links are mailed.';

alter table member add column identity_id uuid references identity (id);
comment on column member.identity_id is 'Who signs in as this member. Set by joining with a mailed link, or by a link that the operator made; never by what address somebody signs in with.';
create unique index member_of_identity on member (identity_id, organization_id) where identity_id is not null and status <> 'removed';

create table sign_in_link (
  id uuid not null primary key,
  email text collate "C" not null,
  identity_id uuid references identity (id),
  purpose text not null check (purpose in ('mailed', 'operator')),
  organization_id uuid,
  member_id uuid,
  locale text not null,
  state text not null check (state in ('queued', 'sent', 'failed', 'none')),
  reason text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  check ((organization_id is null) = (member_id is null)),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
create index sign_in_link_due on sign_in_link (next_attempt_at) where state = 'queued';
create index sign_in_link_of_recipient on sign_in_link (email, created_at);
create index sign_in_link_age on sign_in_link (created_at);
comment on table sign_in_link is 'A link that signs somebody in once. Its token is derived from the secret and stands in no table.';
comment on column sign_in_link.identity_id is 'Whom it signs in; null where nobody has the address, which is written down all the same so that both take as long.';
comment on column sign_in_link.purpose is 'mailed proves the mailbox; operator is the word of whoever holds the secret.';
comment on column sign_in_link.member_id is 'The member whom the operator binds to an identity by it.';
comment on column sign_in_link.state is 'The fate of its message; none where there is no message.';
comment on column sign_in_link.reason is 'Why it failed, or why the last attempt did.';
comment on column sign_in_link.next_attempt_at is 'Not before; a worker that claims a row moves it ahead, so that a crash only delays.';

create table session (
  identity_id uuid not null references identity (id),
  id uuid not null,
  secret_hash bytea not null unique,
  method text not null check (method in ('mailed_link', 'operator_link', 'invitation', 'passkey')),
  ip text not null,
  user_agent text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (identity_id, id)
);
create unique index session_by_id on session (id);
create index session_age on session (expires_at);
comment on table session is 'A browser in which somebody is signed in. Ended ones are deleted.';
comment on column session.secret_hash is 'SHA-256 of what the cookie carries.';
comment on column session.last_used_at is 'Noted within a minute of the use; a session that rests too long is over.';

create table passkey (
  identity_id uuid not null references identity (id),
  id uuid not null,
  credential_id bytea not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text[] not null default '{}',
  name text not null,
  backed_up boolean not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  primary key (identity_id, id)
);
comment on table passkey is 'A public key of a WebAuthn authenticator that signs an identity in.';
comment on column passkey.credential_id is 'As the authenticator calls it.';
comment on column passkey.public_key is 'COSE form.';
comment on column passkey.counter is 'Signatures so far, where the authenticator counts; a step back is a copy.';
comment on column passkey.backed_up is 'Whether more than one device keeps it.';

create table passkey_challenge (
  challenge bytea not null primary key,
  identity_id uuid references identity (id),
  expires_at timestamptz not null
);
create index passkey_challenge_age on passkey_challenge (expires_at);
comment on table passkey_challenge is 'What a browser was asked to sign: used up by the answer.';
comment on column passkey_challenge.identity_id is 'Who adds a passkey; null for signing in.';
