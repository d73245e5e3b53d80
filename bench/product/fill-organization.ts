import type { BenchDatabase } from './with-latchkey.ts';

/**
 * Fills the only organization up to a number of members by SQL against the real schema, all its constraints and indexes in place,
 * then lets PostgreSQL analyse and write down what it got, as it would by itself within minutes. The same number gives the same
 * people every time.
 *
 * Their ids are of times as far apart as though some 3,000 a second had been invited. Nine in ten are active; of the others most
 * are pending (some past their deadline), some declined, some removed.
 */
export async function fillOrganization(database: BenchDatabase, upTo: number): Promise<void> {
  const [present] = await database.query(
    'select count(*)::int as members, (select id from organization) as id from member',
  );
  const organization = present?.id;
  const from = Number(present?.members) + 1;
  const chunk = 50_000;
  for (let start = from; start <= upTo; start += chunk) {
    await database.query(insertPeople, [organization, start, Math.min(upTo, start + chunk - 1)]);
  }
  await database.query('vacuum analyze');
  await database.query('checkpoint');
}

const names = (list: string[]) => `(array['${list.join("','")}'])`;
const first =
  'anna ben carla david elena felix grace hugo ines jonas karin leo maria nils olga paul quentin rosa simon tessa'.split(
    ' ',
  );
const last =
  'adler becker costa dubois evans fischer garcia hansen ivanov jensen keller lopez martin novak olsen petit quinn rossi schmidt tanaka urban vogel weber xenakis young zimmer'.split(
    ' ',
  );
const [firstNames, lastNames] = [names(first), names(last)];

/** What addresses begin with, each one of as many members as the others. */
export const everyName = first.flatMap((one) => last.map((other) => `${one}.${other}`));

const companies = names('acme globex initech umbrella hooli stark wayne wonka tyrell cyberdyne'.split(' '));
const pick = (list: string, step: number) => `${list}[1 + (n / ${step}) % array_length(${list}, 1)]`;

const insertPeople = `
with people as materialized (
  select
    n,
    uuidv7((n - 1000000) * interval '0.3 milliseconds') as id,
    case when n % 20000 = 0 then 'zebediah' else ${pick(firstNames, 1)} end || '.' || ${pick(lastNames, 20)} || n
      || '@' || ${pick(companies, 520)} || '.test' as email,
    case when n % 100 < 90 then 'active' when n % 100 < 97 then 'pending' when n % 100 < 99 then 'declined' else 'removed' end as status,
    case when n % 100 >= 95 then interval '-1 day' else interval '2 days' end as expires_in,
    case when n % 10000 = 1 then array['phone:all', 'contacts:view']
         when n % 3 = 0 then array['contacts:view', 'contacts:export', 'email_campaigns:create_edit_delete', 'templates:create_edit_delete']
         when n % 3 = 1 then array['contacts:view']
         else array['sales_platform:reports', 'companies:settings', 'conversations:access'] end as permissions
  from generate_series($2::int, $3::int) n
), members as (
  insert into member (organization_id, id, email, status, all_features_access, locale, joined_at, removed_at, removed_as)
  select $1, id, email, status, n % 500 = 0, 'en', case when status = 'active' then now() end,
    case when status = 'removed' then now() end, case when status = 'removed' then 'revoked' end
  from people
  returning id
), grants as (
  insert into member_grant (organization_id, member_id, permissions) select $1, id, permissions from people returning member_id
)
insert into invitation (organization_id, id, member_id, expires_at, grantor_kind, grantor_id)
select $1, uuidv7(), id, now() + expires_in, 'api_key', (select id from api_key where organization_id = $1) from people where status <> 'active'`;
