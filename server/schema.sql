-- What the migrations come to, as PostgreSQL describes it: the diff of this file is what a change of the schema comes to.
-- Nobody runs it. Written by: node scripts/schema.ts --write

create extension pg_trgm;

-- One row for each revision of an organization's active access: whose changed; neither member nor key means everybody's.
create table access_change (
  organization_id uuid not null,
  revision bigint not null,
  member_id uuid,
  api_key_id uuid,
  occurred_at timestamp with time zone default now() not null,
  transaction_id xid8 default pg_current_xact_id() not null, -- The transaction that wrote it: a node asks for all that its last snapshot did not see, which no sequence can tell.
  former_external_id text collate "C", -- The external id by which the member may still be known, where it was changed.
  constraint access_change_pkey primary key (organization_id, revision),
  constraint access_change_organization_id_api_key_id_fkey foreign key (organization_id, api_key_id) references api_key(organization_id, id),
  constraint access_change_organization_id_fkey foreign key (organization_id) references organization(id),
  constraint access_change_organization_id_member_id_fkey foreign key (organization_id, member_id) references member(organization_id, id)
);
create index access_change_feed on access_change using btree (transaction_id);
-- The serving role may select, insert.

-- A machine's credential for one organization, itself holding privileges. Its secrets stand in key_secret, hashed.
create table api_key (
  organization_id uuid not null,
  id uuid not null,
  name text not null,
  all_features_access boolean not null,
  permissions text[] not null,
  member_id uuid, -- The member who made or adopted it.
  bound boolean not null, -- Acts within what its member holds now; false where an owner or a partner made it.
  partner_id uuid, -- The partner who made it, where one did.
  allowed_ips text[] default '{}'::text[] not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone, -- Noted within a minute of the use.
  created_at timestamp with time zone default now() not null,
  adopted_at timestamp with time zone, -- Since when it belongs to an owner who did not make it: somebody else knows its secret, so it never acts as that owner.
  deleted_at timestamp with time zone,
  constraint api_key_pkey primary key (organization_id, id),
  constraint api_key_organization_id_fkey foreign key (organization_id) references organization(id),
  constraint api_key_organization_id_member_id_fkey foreign key (organization_id, member_id) references member(organization_id, id),
  constraint api_key_partner_id_fkey foreign key (partner_id) references partner(id),
  constraint api_key_check check (not bound or member_id is not null)
);
create index api_key_of_member on api_key using btree (organization_id, member_id);
-- The serving role may select, insert, update, delete.

-- An immutable line: who did what to whom, when. Append-only by rights and by trigger; holds no personal data.
create table audit_event (
  id uuid not null,
  occurred_at timestamp with time zone default now() not null,
  organization_id uuid,
  partner_id uuid,
  action text not null,
  outcome text default 'done'::text not null,
  actor_kind text not null,
  actor_id uuid,
  target_kind text not null,
  target_id uuid,
  target_digest bytea, -- Salted digest of the address it was about, which stays when the address is erased.
  details jsonb default '{}'::jsonb not null, -- What changed; names of permissions, never of people.
  request_id text,
  constraint audit_event_pkey primary key (id, occurred_at),
  constraint audit_event_check check (organization_id is not null or partner_id is not null),
  constraint audit_event_outcome_check check (outcome = any (array['done'::text, 'refused'::text]))
) partition by range (occurred_at);
create index audit_event_list on audit_event using btree (organization_id, id desc);
create index audit_event_of_actor on audit_event using btree (organization_id, actor_id, id desc) where actor_id is not null;
create index audit_event_of_partner on audit_event using btree (partner_id, id desc) where partner_id is not null;
create index audit_event_of_target on audit_event using btree (organization_id, target_digest, id desc) where target_digest is not null;
create trigger audit_event_append_only before delete or update on audit_event for each row execute function refuse_change();
create trigger audit_event_not_truncated before truncate on audit_event for each statement execute function refuse_change();
-- The serving role may select, insert.

-- Catches what no month's partition takes, so that a missing partition loses nothing.
create table audit_event_rest partition of audit_event default;
create trigger audit_event_rest_not_truncated before truncate on audit_event_rest for each statement execute function refuse_change();
-- The serving role may select, insert.

-- The personal data of audit events, apart, so that it can be erased while the event stays.
create table audit_person (
  event_id uuid not null,
  organization_id uuid,
  target_email text collate "C",
  actor_name text,
  ip text,
  user_agent text,
  constraint audit_person_pkey primary key (event_id)
);
-- The serving role may select, insert, delete.

-- The fate of one message. Written with the change that causes it; workers claim rows with skip locked.
create table delivery (
  organization_id uuid not null,
  id uuid not null,
  invitation_id uuid not null,
  generation integer not null,
  kind text default 'invitation'::text not null,
  recipient text collate "C" not null,
  state text default 'queued'::text not null,
  reason text, -- Why it failed, or why the last attempt did.
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null, -- Not before; a worker that claims a row moves it ahead, so that a crash only delays.
  created_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone,
  constraint delivery_pkey primary key (organization_id, id),
  constraint delivery_organization_id_invitation_id_fkey foreign key (organization_id, invitation_id) references invitation(organization_id, id),
  constraint delivery_kind_check check (kind = 'invitation'::text),
  constraint delivery_state_check check (state = any (array['queued'::text, 'sent'::text, 'failed'::text]))
);
create index delivery_due on delivery using btree (next_attempt_at) where state = 'queued'::text;
create index delivery_of_recipient on delivery using btree (recipient, created_at);
-- The serving role may select, insert, update, delete.

-- What a POST with an Idempotency-Key answered, written with its effect; kept for IDEMPOTENCY_TTL.
create table idempotency_record (
  credential_id uuid not null,
  key text collate "C" not null,
  request_digest bytea not null,
  status integer,
  reply bytea, -- Encrypted with a key derived from the secret, since replies can carry new keys.
  created_at timestamp with time zone default now() not null,
  constraint idempotency_record_pkey primary key (credential_id, key)
);
create index idempotency_record_age on idempotency_record using btree (created_at);
-- The serving role may select, insert, update, delete.

-- A person who signs in, across organizations: the holder of one proven mailbox.
create table identity (
  id uuid not null,
  email text collate "C" not null, -- Canonical form, as in member: where sign-in links are mailed.
  created_at timestamp with time zone default now() not null,
  constraint identity_pkey primary key (id),
  constraint identity_email_key unique (email)
);
-- The serving role may select, insert, update, delete.

-- What all nodes on this database must agree on. One row.
create table installation (
  only_row boolean default true not null,
  secret_fingerprints text[] default '{}'::text[] not null, -- Fingerprints of LATCHKEY_SECRET; a node that knows none of them does not start.
  catalogue_fingerprint text, -- The active catalogue; a node with another one is not ready.
  audit_salt bytea default decode(replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text), 'hex'::text) not null, -- Salt of the digests that stay in audit_event after its personal data was erased.
  created_at timestamp with time zone default now() not null,
  constraint installation_pkey primary key (only_row),
  constraint installation_only_row_check check (only_row)
);
-- The serving role may select, insert, update, delete.

-- The offer of membership that a pending member holds. Its link is derived from the secret and stands in no table.
create table invitation (
  organization_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  generation integer default 1 not null, -- Raised by resend, which kills every earlier link.
  expires_at timestamp with time zone not null,
  grantor_kind text not null,
  grantor_id uuid not null, -- The api key, partner or member whose authority is checked again at acceptance.
  resent_at timestamp with time zone,
  resent_by uuid, -- The credential that resent last, which repeats nothing within 60 seconds.
  created_at timestamp with time zone default now() not null,
  answered_at timestamp with time zone,
  constraint invitation_pkey primary key (organization_id, id),
  constraint invitation_organization_id_member_id_key unique (organization_id, member_id),
  constraint invitation_organization_id_member_id_fkey foreign key (organization_id, member_id) references member(organization_id, id),
  constraint invitation_generation_check check (generation > 0),
  constraint invitation_grantor_kind_check check (grantor_kind = any (array['api_key'::text, 'partner'::text, 'member'::text]))
);
-- The serving role may select, insert, update, delete.

-- SHA-256 of each valid secret; rotation adds one and gives the old one an end.
create table key_secret (
  hash bytea not null,
  organization_id uuid,
  api_key_id uuid,
  partner_id uuid,
  partner_key_id uuid,
  hint text not null, -- The last characters, to tell keys apart.
  valid_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  constraint key_secret_pkey primary key (hash),
  constraint key_secret_organization_id_api_key_id_fkey foreign key (organization_id, api_key_id) references api_key(organization_id, id),
  constraint key_secret_partner_id_partner_key_id_fkey foreign key (partner_id, partner_key_id) references partner_key(partner_id, id),
  constraint key_secret_check check (api_key_id is not null and organization_id is not null and partner_key_id is null and partner_id is null or partner_key_id is not null and partner_id is not null and api_key_id is null and organization_id is null)
);
create index key_secret_of_api_key on key_secret using btree (organization_id, api_key_id) where api_key_id is not null;
create index key_secret_of_partner_key on key_secret using btree (partner_id, partner_key_id) where partner_key_id is not null;
-- The serving role may select, insert, update, delete.

-- A person in an organization. A removed one stays as a row, so that keys, links and audit know whom they meant.
create table member (
  organization_id uuid not null,
  id uuid not null,
  email text collate "C" not null, -- Canonical form (trimmed, NFC, lower case, domain in ASCII); binary collation, so that nothing else folds.
  external_id text collate "C", -- The product's own id for this person.
  status text not null, -- As stored; expired is pending past invitation.expires_at by this database's clock.
  is_owner boolean default false not null, -- Holds everything and ownership, from joining on.
  all_features_access boolean default false not null, -- Holds every permission, now and later.
  locale text not null,
  version integer default 1 not null, -- Raised by every change; the ETag of the member's permissions.
  suspended_at timestamp with time zone, -- Since when the member holds nothing for now.
  access_expires_at timestamp with time zone, -- Until when the member holds anything.
  created_at timestamp with time zone default now() not null,
  joined_at timestamp with time zone,
  removed_at timestamp with time zone,
  removed_by uuid, -- The credential that removed the member, which may repeat that for 10 minutes.
  removed_as text,
  identity_id uuid, -- Who signs in as this member. Set by joining with a mailed link, or by a link that the operator made; never by what address somebody signs in with.
  constraint member_pkey primary key (organization_id, id),
  constraint member_identity_id_fkey foreign key (identity_id) references identity(id),
  constraint member_organization_id_fkey foreign key (organization_id) references organization(id),
  constraint member_access_expires_at_is_finite check (isfinite(access_expires_at)),
  constraint member_check check ((status = 'removed'::text) = (removed_at is not null)),
  constraint member_check1 check ((status = 'removed'::text) = (removed_as is not null)),
  constraint member_removed_as_check check (removed_as = any (array['cancelled'::text, 'revoked'::text, 'left'::text])),
  constraint member_status_check check (status = any (array['pending'::text, 'active'::text, 'declined'::text, 'removed'::text]))
);
create index member_active on member using btree (organization_id) where status = 'active'::text;
create index member_by_status on member using btree (organization_id, status, is_owner desc, id) include (email, all_features_access) where status = any (array['pending'::text, 'declined'::text]);
create unique index member_email on member using btree (organization_id, email) where status <> 'removed'::text;
create index member_everything on member using btree (organization_id, is_owner desc, id) where all_features_access and status <> 'removed'::text;
create unique index member_external_id on member using btree (organization_id, external_id) where status <> 'removed'::text and external_id is not null;
create index member_holding_everything on member using btree (organization_id, id) where status = 'active'::text and (is_owner or all_features_access);
create index member_list on member using btree (organization_id, is_owner desc, id) include (email, status, all_features_access) where status <> 'removed'::text;
create index member_list_by_email on member using btree (organization_id, is_owner desc, email, id) include (status) where status <> 'removed'::text;
create unique index member_of_identity on member using btree (identity_id, organization_id) where identity_id is not null and status <> 'removed'::text;
create index member_removed on member using btree (organization_id, email, removed_at desc) where status = 'removed'::text;
create index member_search on member using gin (address_parts(email, id, status)) with (gin_pending_list_limit='512') where status <> 'removed'::text;
create trigger member_access_change after update of suspended_at, access_expires_at, external_id on member for each row when (new.status = 'active'::text and old.status = 'active'::text and (old.suspended_at is distinct from new.suspended_at or old.access_expires_at is distinct from new.access_expires_at or old.external_id is distinct from new.external_id)) execute function record_access_change();
-- The serving role may select, insert, update, delete.

-- What a member was given, by name (feature:permission), whatever the plan masks.
create table member_grant (
  organization_id uuid not null,
  member_id uuid not null,
  source text default 'direct'::text not null, -- Where the grant comes from: direct, or (later) a permission set.
  permissions text[] not null,
  constraint member_grant_pkey primary key (organization_id, member_id, source),
  constraint member_grant_organization_id_member_id_fkey foreign key (organization_id, member_id) references member(organization_id, id)
);
create index member_grant_permission on member_grant using gin (permissions);
-- The serving role may select, insert, update, delete.

-- The steps of the schema that were taken, in order.
create table migration (
  version integer not null,
  name text not null,
  checksum text not null, -- SHA-256 of the file, so that one changed afterwards is noticed.
  applied_at timestamp with time zone default now() not null,
  constraint migration_pkey primary key (version)
);
-- The serving role may select.

-- The tenant; every row of the others belongs to exactly one.
create table organization (
  id uuid not null,
  name text not null,
  plan text not null, -- Name of a plan in the catalogue.
  seats integer, -- Overrides the plan's number of seats; null leaves the plan's own.
  locale text default 'en'::text not null,
  redirect_url text, -- Where people go after joining.
  partner_id uuid, -- The partner who created it and may act in it.
  access_revision bigint default 0 not null, -- Count of changes of active access; raised under the row's lock together with a row in access_change.
  created_at timestamp with time zone default now() not null,
  constraint organization_pkey primary key (id),
  constraint organization_partner_id_fkey foreign key (partner_id) references partner(id),
  constraint organization_seats_check check (seats > 0)
);
create index organization_of_partner on organization using btree (partner_id) where partner_id is not null;
-- The serving role may select, insert, update, delete.

-- An operator who creates organizations and acts inside those they created.
create table partner (
  id uuid not null,
  name text not null,
  created_at timestamp with time zone default now() not null,
  constraint partner_pkey primary key (id)
);
-- The serving role may select, insert, update, delete.

-- An operator's credential.
create table partner_key (
  partner_id uuid not null,
  id uuid not null,
  name text not null,
  allowed_ips text[] default '{}'::text[] not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  deleted_at timestamp with time zone,
  constraint partner_key_pkey primary key (partner_id, id),
  constraint partner_key_id_key unique (id),
  constraint partner_key_partner_id_fkey foreign key (partner_id) references partner(id)
);
-- The serving role may select, insert, update, delete.

-- A public key of a WebAuthn authenticator that signs an identity in.
create table passkey (
  identity_id uuid not null,
  id uuid not null,
  credential_id bytea not null, -- As the authenticator calls it.
  public_key bytea not null, -- COSE form.
  counter bigint not null, -- Signatures so far, where the authenticator counts; a step back is a copy.
  transports text[] default '{}'::text[] not null,
  name text not null,
  backed_up boolean not null, -- Whether more than one device keeps it.
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone,
  constraint passkey_pkey primary key (identity_id, id),
  constraint passkey_credential_id_key unique (credential_id),
  constraint passkey_identity_id_fkey foreign key (identity_id) references identity(id)
);
-- The serving role may select, insert, update, delete.

-- What a browser was asked to sign: used up by the answer.
create table passkey_challenge (
  challenge bytea not null,
  identity_id uuid, -- Who adds a passkey; null for signing in.
  expires_at timestamp with time zone not null,
  constraint passkey_challenge_pkey primary key (challenge),
  constraint passkey_challenge_identity_id_fkey foreign key (identity_id) references identity(id)
);
create index passkey_challenge_age on passkey_challenge using btree (expires_at);
-- The serving role may select, insert, update, delete.

-- Each permission's place in a bitset: assigned once, never reused, whatever the catalogue becomes.
create table permission_bit (
  feature text collate "C" not null,
  permission text collate "C" not null,
  bit smallint not null,
  constraint permission_bit_pkey primary key (feature, permission),
  constraint permission_bit_bit_key unique ("bit"),
  constraint permission_bit_bit_check check ("bit" >= 0)
);
-- The serving role may select, insert, update, delete.

-- A browser in which somebody is signed in. Ended ones are deleted.
create table session (
  identity_id uuid not null,
  id uuid not null,
  secret_hash bytea not null, -- SHA-256 of what the cookie carries.
  method text not null,
  ip text not null,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  last_used_at timestamp with time zone default now() not null, -- Noted within a minute of the use; a session that rests too long is over.
  expires_at timestamp with time zone not null,
  constraint session_pkey primary key (identity_id, id),
  constraint session_secret_hash_key unique (secret_hash),
  constraint session_identity_id_fkey foreign key (identity_id) references identity(id),
  constraint session_method_check check (method = any (array['mailed_link'::text, 'operator_link'::text, 'invitation'::text, 'passkey'::text]))
);
create index session_age on session using btree (expires_at);
create unique index session_by_id on session using btree (id);
-- The serving role may select, insert, update, delete.

-- A link that signs somebody in once. Its token is derived from the secret and stands in no table.
create table sign_in_link (
  id uuid not null,
  email text collate "C" not null,
  identity_id uuid, -- Whom it signs in; null where nobody has the address, which is written down all the same so that both take as long.
  purpose text not null, -- mailed proves the mailbox; operator is the word of whoever holds the secret.
  organization_id uuid,
  member_id uuid, -- The member whom the operator binds to an identity by it.
  locale text not null,
  state text not null, -- The fate of its message; none where there is no message.
  reason text, -- Why it failed, or why the last attempt did.
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null, -- Not before; a worker that claims a row moves it ahead, so that a crash only delays.
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  constraint sign_in_link_pkey primary key (id),
  constraint sign_in_link_identity_id_fkey foreign key (identity_id) references identity(id),
  constraint sign_in_link_organization_id_member_id_fkey foreign key (organization_id, member_id) references member(organization_id, id),
  constraint sign_in_link_check check ((organization_id is null) = (member_id is null)),
  constraint sign_in_link_purpose_check check (purpose = any (array['mailed'::text, 'operator'::text])),
  constraint sign_in_link_state_check check (state = any (array['queued'::text, 'sent'::text, 'failed'::text, 'none'::text]))
);
create index sign_in_link_age on sign_in_link using btree (created_at);
create index sign_in_link_due on sign_in_link using btree (next_attempt_at) where state = 'queued'::text;
create index sign_in_link_of_recipient on sign_in_link using btree (email, created_at);
-- The serving role may select, insert, update, delete.

-- The beginning of an address, as ^m and ^mart; every four characters in a row after its first, with what remains at its end; the spans of 2^12, 2^18, 2^24 and 2^30 milliseconds that the time in the id is in, as " 12:416329", since no address has a space; and, of a status that few have, " pending" or " declined".
create function address_parts(address text, member_id uuid, status text)
 returns tsvector
 language plpgsql
 immutable parallel safe strict cost 10000
as $function$
declare
  millisecond bigint := ('x' || translate(left(member_id::text, 13), '-', ''))::bit(48)::bigint;
  parts text[] := array[
    '^' || left(address, 1), '^' || left(address, 4),
    ' 12:' || (millisecond >> 12), ' 18:' || (millisecond >> 18), ' 24:' || (millisecond >> 24), ' 30:' || (millisecond >> 30)];
begin
  if status in ('pending', 'declined') then
    parts := parts || (' ' || status);
  end if;
  -- Sixteen a turn: a turn alone takes as long as four parts.
  for n in 2 .. length(address) by 16 loop
    parts := parts || array_remove(array[
      substr(address, n, 4), substr(address, n + 1, 4), substr(address, n + 2, 4), substr(address, n + 3, 4),
      substr(address, n + 4, 4), substr(address, n + 5, 4), substr(address, n + 6, 4), substr(address, n + 7, 4),
      substr(address, n + 8, 4), substr(address, n + 9, 4), substr(address, n + 10, 4), substr(address, n + 11, 4),
      substr(address, n + 12, 4), substr(address, n + 13, 4), substr(address, n + 14, 4), substr(address, n + 15, 4)], '');
  end loop;
  return array_to_tsvector(parts);
end $function$;

-- Makes the partitions of this month and the next two. Runs as the owner, since the serving role makes no tables.
create function ensure_audit_partitions()
 returns void
 language plpgsql
 security definer
 set search_path to 'public', 'pg_temp'
as $function$
declare
  month date;
  partition_name text;
begin
  for month in select generate_series(date_trunc('month', now() at time zone 'utc'), date_trunc('month', now() at time zone 'utc') + interval '2 months', interval '1 month')::date loop
    partition_name := 'audit_event_' || to_char(month, 'YYYY_MM');
    if to_regclass(partition_name) is null then
      -- Where rows of that month have gone to the rest already, they stay there together: nothing is lost by it.
      begin
        execute format('create table %I partition of audit_event for values from (%L) to (%L)', partition_name,
          month::timestamp at time zone 'utc', (month + interval '1 month') at time zone 'utc');
        execute format('create trigger %I before truncate on %I for each statement execute function refuse_change()', partition_name || '_not_truncated', partition_name);
      exception when check_violation then
        raise warning 'audit events of % are kept in audit_event_rest', to_char(month, 'YYYY-MM');
      end;
    end if;
  end loop;
end $function$;

-- Seconds until one more message may go to this recipient and from this organization; null for at once.
create function mail_wait(to_recipient text, from_organization uuid, recipient_limit integer, organization_limit integer, per interval)
 returns double precision
 language plpgsql
as $function$
declare
  oldest timestamptz;
begin
  -- A function's statements each see what was committed before them: so the count after the lock is exact.
  if recipient_limit is not null then
    perform pg_advisory_xact_lock(hashtextextended(to_recipient, 1));
    select created_at into oldest from delivery
      where recipient = to_recipient and created_at > now() - per
      order by created_at desc offset recipient_limit - 1 limit 1;
    if oldest is not null then return extract(epoch from oldest + per - now()); end if;
  end if;
  if organization_limit is not null then
    perform pg_advisory_xact_lock(hashtextextended(from_organization::text, 2));
    -- Ids sort by time, so the primary key answers this.
    select created_at into oldest from delivery
      where organization_id = from_organization order by id desc offset organization_limit - 1 limit 1;
    if oldest > now() - per then return extract(epoch from oldest + per - now()); end if;
  end if;
  return null;
end $function$;

-- Announces a suspension, a time limit or another external id of an active member, whoever writes it.
create function record_access_change()
 returns trigger
 language plpgsql
as $function$
begin
  with raised as (
    update organization set access_revision = access_revision + 1 where id = new.organization_id returning access_revision)
  insert into access_change (organization_id, revision, member_id, former_external_id)
  select new.organization_id, access_revision, new.id,
    case when old.external_id is distinct from new.external_id then old.external_id end
  from raised;
  return null;
end $function$;

-- Keeps append-only tables append-only for their owner too.
create function refuse_change()
 returns trigger
 language plpgsql
as $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $function$;
