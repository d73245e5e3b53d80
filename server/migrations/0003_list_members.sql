-- Lists of large organizations: stretches of the order are read from an index alone, and one index finds any part of an address.
-- On a million members this migration takes about a minute, in which nothing can be written.

-- With what a filter asks for inside, so that looking at a member does not take reading its row.
drop index member_list;
create index member_list on member (organization_id, is_owner desc, id) include (email, status) where status <> 'removed';
drop index member_list_by_email;
create index member_list_by_email on member (organization_id, is_owner desc, email, id) include (status) where status <> 'removed';

-- For what few have, where reading in order would go on and on.
create index member_everything on member (organization_id, is_owner desc, id) where all_features_access and status <> 'removed';
create index member_by_status on member (organization_id, status, id) where status in ('pending', 'declined');

create function address_parts(address text) returns tsvector
-- Dear, so that it is answered by its index and never computed for row after row.
language plpgsql immutable strict parallel safe cost 10000 as $$
declare
  whole text := '^' || address;
  parts text[] := array[left(whole, 2)];
begin
  for start in 1 .. length(whole) loop
    parts[start + 1] := substr(whole, start, 4);
  end loop;
  return array_to_tsvector(parts);
end $$;
comment on function address_parts is 'Every four characters in a row of ^address, what remains at its end, and its first character: ^m.';

-- Trigrams know only letters and digits and at least three of them; these know the dots too, and begin with any shorter search.
drop index member_search;
create index member_search on member using gin (address_parts(email)) with (gin_pending_list_limit = 512) where status <> 'removed';
-- Nothing would use the statistics, and gathering them takes computing the parts.
alter index member_search alter column 1 set statistics 0;

-- An index answers alone only for pages that a vacuum has seen; by default it comes when a fifth of the table is new.
alter table member set (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
