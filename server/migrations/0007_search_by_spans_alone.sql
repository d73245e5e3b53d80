-- What 0006 made takes the place of what was before. Servers of the release before cannot search from here on.
drop index member_search, member_list, member_by_status;
drop function address_parts(text);
alter index new_member_search rename to member_search;
alter index new_member_list rename to member_list;
alter index new_member_by_status rename to member_by_status;
