-- What 0008 made takes the place of what was before. Servers of the release before cannot search from here on.
drop index member_search;
drop function address_parts(text, uuid);
alter index new_member_search rename to member_search;
