-- The foundation: tenants, members and what they were given, invitations and their mail, credentials, audit.
-- Every row belongs to one organization and refers to others by (organization_id, …), so no row can point across.

create extension if not exists pg_trgm;

create table installation (
  only_row boolean primary key default true check (only_row),
  secret_fingerprints text[] not null default '{}',
  catalogue_fingerprint text,
  audit_salt bytea not null default decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
  created_at timestamptz not null default now()
);
comment on table installation is 'What all nodes on this database must agree on. One row.';
comment on column installation.secret_fingerprints is 'Fingerprints of LATCHKEY_SECRET; a node that knows none of them does not start.';
comment on column installation.catalogue_fingerprint is 'The active catalogue; a node with another one is not ready.';
comment on column installation.audit_salt is 'Salt of the digests that stay in audit_event after its personal data was erased.';
insert into installation default values;

create table permission_bit (
  feature text collate "C" not null,
  permission text collate "C" not null,
  bit smallint not null unique check (bit >= 0),
  primary key (feature, permission)
);
comment on table permission_bit is 'Each permission''s place in a bitset: assigned once, never reused, whatever the catalogue becomes.';

create table partner (
  id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);
comment on table partner is 'An operator who creates organizations and acts inside those they created.';

create table organization (
  id uuid primary key,
  name text not null,
  plan text not null,
  seats integer check (seats > 0),
  locale text not null default 'en',
  redirect_url text,
  partner_id uuid references partner (id),
  access_revision bigint not null default 0,
  created_at timestamptz not null default now()
);
comment on table organization is 'The tenant; every row of the others belongs to exactly one.';
comment on column organization.plan is 'Name of a plan in the catalogue.';
comment on column organization.seats is 'Overrides the plan''s number of seats; null leaves the plan''s own.';
comment on column organization.redirect_url is 'Where people go after joining.';
comment on column organization.partner_id is 'The partner who created it and may act in it.';
comment on column organization.access_revision is 'Count of changes of active access; raised under the row''s lock together with a row in access_change.';
create index organization_of_partner on organization (partner_id) where partner_id is not null;

create table member (
  organization_id uuid not null references organization (id),
  id uuid not null,
  email text collate "C" not null,
  external_id text collate "C",
  status text not null check (status in ('pending', 'active', 'declined', 'removed')),
  is_owner boolean not null default false,
  all_features_access boolean not null default false,
  locale text not null,
  version integer not null default 1,
  suspended_at timestamptz,
  access_expires_at timestamptz,
  created_at timestamptz not null default now(),
  joined_at timestamptz,
  removed_at timestamptz,
  removed_by uuid,
  removed_as text check (removed_as in ('cancelled', 'revoked', 'left')),
  primary key (organization_id, id),
  check ((status = 'removed') = (removed_at is not null)),
  check ((status = 'removed') = (removed_as is not null))
);
comment on table member is 'A person in an organization. A removed one stays as a row, so that keys, links and audit know whom they meant.';
comment on column member.email is 'Canonical form (trimmed, NFC, lower case, domain in ASCII); binary collation, so that nothing else folds.';
comment on column member.external_id is 'The product''s own id for this person.';
comment on column member.status is 'As stored; expired is pending past invitation.expires_at by this database''s clock.';
comment on column member.is_owner is 'Holds everything and ownership, from joining on.';
comment on column member.all_features_access is 'Holds every permission, now and later.';
comment on column member.version is 'Raised by every change; the ETag of the member''s permissions.';
comment on column member.suspended_at is 'Since when the member holds nothing for now.';
comment on column member.access_expires_at is 'Until when the member holds anything.';
comment on column member.removed_by is 'The credential that removed the member, which may repeat that for 10 minutes.';
create unique index member_email on member (organization_id, email) where status <> 'removed';
create unique index member_external_id on member (organization_id, external_id) where status <> 'removed' and external_id is not null;
create index member_list on member (organization_id, is_owner desc, id) where status <> 'removed';
create index member_list_by_email on member (organization_id, is_owner desc, email, id) where status <> 'removed';
create index member_active on member (organization_id) where status = 'active';
create index member_removed on member (organization_id, email, removed_at desc) where status = 'removed';
create index member_search on member using gin (email gin_trgm_ops) where status <> 'removed';

create table member_grant (
  organization_id uuid not null,
  member_id uuid not null,
  source text not null default 'direct',
  permissions text[] not null,
  primary key (organization_id, member_id, source),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
comment on table member_grant is 'What a member was given, by name (feature:permission), whatever the plan masks.';
comment on column member_grant.source is 'Where the grant comes from: direct, or (later) a permission set.';
create index member_grant_permission on member_grant using gin (permissions);

create table invitation (
  organization_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  generation integer not null default 1 check (generation > 0),
  expires_at timestamptz not null,
  grantor_kind text not null check (grantor_kind in ('api_key', 'partner', 'member')),
  grantor_id uuid not null,
  resent_at timestamptz,
  resent_by uuid,
  created_at timestamptz not null default now(),
  answered_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, member_id),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
comment on table invitation is 'The offer of membership that a pending member holds. Its link is derived from the secret and stands in no table.';
comment on column invitation.generation is 'Raised by resend, which kills every earlier link.';
comment on column invitation.grantor_id is 'The api key, partner or member whose authority is checked again at acceptance.';
comment on column invitation.resent_by is 'The credential that resent last, which repeats nothing within 60 seconds.';

create table delivery (
  organization_id uuid not null,
  id uuid not null,
  invitation_id uuid not null,
  generation integer not null,
  kind text not null default 'invitation' check (kind in ('invitation')),
  recipient text collate "C" not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  reason text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, invitation_id) references invitation (organization_id, id)
);
comment on table delivery is 'The fate of one message. Written with the change that causes it; workers claim rows with skip locked.';
comment on column delivery.reason is 'Why it failed, or why the last attempt did.';
comment on column delivery.next_attempt_at is 'Not before; a worker that claims a row moves it ahead, so that a crash only delays.';
create index delivery_due on delivery (next_attempt_at) where state = 'queued';
create index delivery_of_recipient on delivery (recipient, created_at);

create function mail_wait(to_recipient text, from_organization uuid, recipient_limit integer, organization_limit integer, per interval)
returns double precision language plpgsql as $$
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
end $$;
comment on function mail_wait is 'Seconds until one more message may go to this recipient and from this organization; null for at once.';

create table api_key (
  organization_id uuid not null references organization (id),
  id uuid not null,
  name text not null,
  all_features_access boolean not null,
  permissions text[] not null,
  member_id uuid,
  bound boolean not null,
  partner_id uuid references partner (id),
  allowed_ips text[] not null default '{}',
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  adopted_at timestamptz,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  check (not bound or member_id is not null)
);
comment on table api_key is 'A machine''s credential for one organization, itself holding privileges. Its secrets stand in key_secret, hashed.';
comment on column api_key.member_id is 'The member who made or adopted it.';
comment on column api_key.bound is 'Acts within what its member holds now; false where an owner or a partner made it.';
comment on column api_key.partner_id is 'The partner who made it, where one did.';
comment on column api_key.last_used_at is 'Noted within a minute of the use.';
comment on column api_key.adopted_at is 'Since when it belongs to an owner who did not make it: somebody else knows its secret, so it never acts as that owner.';
create index api_key_of_member on api_key (organization_id, member_id);

create table partner_key (
  partner_id uuid not null references partner (id),
  id uuid not null,
  name text not null,
  allowed_ips text[] not null default '{}',
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (partner_id, id),
  unique (id)
);
comment on table partner_key is 'An operator''s credential.';

create table key_secret (
  hash bytea primary key,
  organization_id uuid,
  api_key_id uuid,
  partner_id uuid,
  partner_key_id uuid,
  hint text not null,
  valid_until timestamptz,
  created_at timestamptz not null default now(),
  foreign key (organization_id, api_key_id) references api_key (organization_id, id),
  foreign key (partner_id, partner_key_id) references partner_key (partner_id, id),
  check ((api_key_id is not null and organization_id is not null and partner_key_id is null and partner_id is null)
      or (partner_key_id is not null and partner_id is not null and api_key_id is null and organization_id is null))
);
comment on table key_secret is 'SHA-256 of each valid secret; rotation adds one and gives the old one an end.';
comment on column key_secret.hint is 'The last characters, to tell keys apart.';
create index key_secret_of_api_key on key_secret (organization_id, api_key_id) where api_key_id is not null;
create index key_secret_of_partner_key on key_secret (partner_id, partner_key_id) where partner_key_id is not null;

create table access_change (
  organization_id uuid not null references organization (id),
  revision bigint not null,
  member_id uuid,
  api_key_id uuid,
  occurred_at timestamptz not null default now(),
  primary key (organization_id, revision),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, api_key_id) references api_key (organization_id, id)
);
comment on table access_change is 'One row for each revision of an organization''s active access: whose changed; neither member nor key means everybody''s.';

create table audit_event (
  id uuid not null,
  occurred_at timestamptz not null default now(),
  organization_id uuid,
  partner_id uuid,
  action text not null,
  outcome text not null default 'done' check (outcome in ('done', 'refused')),
  actor_kind text not null,
  actor_id uuid,
  target_kind text not null,
  target_id uuid,
  target_digest bytea,
  details jsonb not null default '{}',
  request_id text,
  primary key (id, occurred_at),
  check (organization_id is not null or partner_id is not null)
) partition by range (occurred_at);
comment on table audit_event is 'An immutable line: who did what to whom, when. Append-only by rights and by trigger; holds no personal data.';
comment on column audit_event.target_digest is 'Salted digest of the address it was about, which stays when the address is erased.';
comment on column audit_event.details is 'What changed; names of permissions, never of people.';
create index audit_event_list on audit_event (organization_id, id desc);
create index audit_event_of_target on audit_event (organization_id, target_digest, id desc) where target_digest is not null;
create table audit_event_rest partition of audit_event default;
comment on table audit_event_rest is 'Catches what no month''s partition takes, so that a missing partition loses nothing.';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
comment on function refuse_change is 'Keeps append-only tables append-only for their owner too.';
create trigger audit_event_append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger audit_event_not_truncated before truncate on audit_event for each statement execute function refuse_change();
create trigger audit_event_rest_not_truncated before truncate on audit_event_rest for each statement execute function refuse_change();

create table audit_person (
  event_id uuid primary key,
  organization_id uuid,
  target_email text collate "C",
  actor_name text,
  ip text,
  user_agent text
);
comment on table audit_person is 'The personal data of audit events, apart, so that it can be erased while the event stays.';

create function ensure_audit_partitions() returns void language plpgsql security definer set search_path = public, pg_temp as $$
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
end $$;
comment on function ensure_audit_partitions is 'Makes the partitions of this month and the next two. Runs as the owner, since the serving role makes no tables.';

create table idempotency_record (
  credential_id uuid not null,
  key text collate "C" not null,
  request_digest bytea not null,
  status integer,
  reply bytea,
  created_at timestamptz not null default now(),
  primary key (credential_id, key)
);
comment on table idempotency_record is 'What a POST with an Idempotency-Key answered, written with its effect; kept for IDEMPOTENCY_TTL.';
comment on column idempotency_record.reply is 'Encrypted with a key derived from the secret, since replies can carry new keys.';
create index idempotency_record_age on idempotency_record (created_at);
