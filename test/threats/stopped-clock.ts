import type { World } from '../world.ts';

/** The database's clock, stopped: it stands where it is set, for every statement of the server's. */
export interface StoppedClock {
  set(moment: Date): Promise<void>;
  /** Sets it this much further, from where it stands. */
  advance(milliseconds: number): Promise<void>;
  readonly now: Date;
}

const serving = 'latchkey';

/**
 * Puts functions of our own before the built-in `now()` and `clock_timestamp()` in the serving role's search path. The
 * server's process keeps its real clock, so whatever follows the stopped one asked the database.
 */
export async function stopClock(world: World, start: Date): Promise<StoppedClock> {
  const { sql } = world.database;
  await sql(`
    create schema stopped_clock;
    create table stopped_clock.hands (stands_at timestamptz not null);
    create function stopped_clock.clock_timestamp() returns timestamptz volatile language sql
      as 'select stands_at from stopped_clock.hands';
    create function stopped_clock.now() returns timestamptz volatile language sql
      as 'select stands_at from stopped_clock.hands';
    grant usage on schema stopped_clock to ${serving};
    grant select on stopped_clock.hands to ${serving};
    do $$ begin
      execute format('alter role ${serving} in database %I set search_path = stopped_clock, public, pg_catalog', current_database());
    end $$`);
  await sql('insert into stopped_clock.hands values ($1)', [start]);
  // Connections read their search path when they begin, so the server's begin anew.
  await sql(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and usename = '${serving}'`,
  );
  while ((await world.owner.get('/account')).status !== 200);

  let now = start;
  const set = async (moment: Date): Promise<void> => {
    now = moment;
    await sql('update stopped_clock.hands set stands_at = $1', [moment]);
  };
  return {
    set,
    advance: (milliseconds) => set(new Date(now.getTime() + milliseconds)),
    get now() {
      return now;
    },
  };
}
