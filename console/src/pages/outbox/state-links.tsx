import { Link } from '@tanstack/react-router';
import { useOrganization } from '../../session.tsx';
import { useWords } from '../../words/words.tsx';
import classes from './outbox.module.css';
import { type OutboxSearch, states } from './outbox-search.ts';

/** Which messages are shown; the address of the page says it. */
export function StateLinks({ search: { state: _, ...others } }: { search: OutboxSearch }) {
  const { outbox: words } = useWords();
  const { id } = useOrganization();
  return (
    <nav aria-label={words.byState} className={classes.states}>
      <ul>
        {(['all', ...states] as const).map((one) => (
          <li key={one}>
            <Link
              to="/o/$organizationId/outbox"
              params={{ organizationId: id }}
              search={one === 'all' ? others : { ...others, state: one }}
              activeOptions={{ exact: true, explicitUndefined: true }}
              replace
              resetScroll={false}
              className={classes.state}
            >
              {words.states[one]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
