-- Access checks: what nodes need to learn of every change of access, in whatever order transactions commit.

alter table access_change add column transaction_id xid8 not null default pg_current_xact_id();
alter table access_change add column former_external_id text collate "C";
comment on column access_change.transaction_id is 'The transaction that wrote it: a node asks for all that its last snapshot did not see, which no sequence can tell.';
comment on column access_change.former_external_id is 'The external id by which the member may still be known, where it was changed.';
create index access_change_feed on access_change (transaction_id);

-- Where there is no end there is no limit; an infinite one could not be told to anybody.
alter table member add constraint member_access_expires_at_is_finite check (isfinite(access_expires_at));

create index member_holding_everything on member (organization_id, id) where status = 'active' and (is_owner or all_features_access);

create index audit_event_of_partner on audit_event (partner_id, id desc) where partner_id is not null;

create function record_access_change() returns trigger language plpgsql as $$
begin
  with raised as (
    update organization set access_revision = access_revision + 1 where id = new.organization_id returning access_revision)
  insert into access_change (organization_id, revision, member_id, former_external_id)
  select new.organization_id, access_revision, new.id,
    case when old.external_id is distinct from new.external_id then old.external_id end
  from raised;
  return null;
end $$;
comment on function record_access_change is 'Announces a suspension, a time limit or another external id of an active member, whoever writes it.';
create trigger member_access_change after update of suspended_at, access_expires_at, external_id on member
  for each row when (new.status = 'active' and old.status = 'active' and (
    old.suspended_at is distinct from new.suspended_at or old.access_expires_at is distinct from new.access_expires_at
    or old.external_id is distinct from new.external_id))
  execute function record_access_change();
