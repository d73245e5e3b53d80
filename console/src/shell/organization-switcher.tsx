import { Menu, UnstyledButton } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { BuildingIcon, CheckIcon, SelectorIcon } from '../components/icons.tsx';
import { type Organization, useSession } from '../session.tsx';
import { useWords } from '../words/words.tsx';
import classes from './shell.module.css';

/** The organization that is looked at, and the others to go to. With one there is nothing to choose. */
export function OrganizationSwitcher({ organization }: { organization: Organization | undefined }) {
  const { organizations } = useSession();
  const words = useWords().shell;
  if (organizations.length === 0) return null;
  if (organizations.length === 1 && organization)
    return (
      <div className={classes.chooser}>
        <BuildingIcon />
        <strong className={classes.name}>{organization.name}</strong>
      </div>
    );
  return (
    <Menu position="bottom-start" width="target" withinPortal={false}>
      <Menu.Target>
        <UnstyledButton
          className={classes.chooser}
          aria-label={organization ? words.organizationNow(organization.name) : words.yourOrganizations}
        >
          <BuildingIcon />
          <strong className={classes.name}>{organization?.name ?? words.yourOrganizations}</strong>
          <SelectorIcon size={18} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.yourOrganizations}</Menu.Label>
        {organizations.map(({ id, name }) => (
          <Menu.Item
            key={id}
            renderRoot={(props) => <Link to="/o/$organizationId" params={{ organizationId: id }} {...props} />}
            rightSection={id === organization?.id && <CheckIcon size={16} />}
            aria-current={id === organization?.id ? 'true' : undefined}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
