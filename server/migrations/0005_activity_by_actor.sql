-- What one member or key did, newest first, as audit_event_of_target is for what was done to somebody.
create index audit_event_of_actor on audit_event (organization_id, actor_id, id desc) where actor_id is not null;
