import type { Page } from 'playwright-core';
import { type AcmeRockets, cast } from './cast.ts';

/** A page of the console, or a dialog on one, as somebody of the cast comes to see it. */
export interface Place {
  name: string;
  /** Nobody where absent. */
  as?: string;
  /** The whole address. */
  url: (office: AcmeRockets) => string | Promise<string>;
  /** What they do there. */
  does?: (page: Page) => Promise<void>;
  /** Of the window, where only some have it. */
  width?: number;
}

const inAcme = (name: string, path: string = name): Place => ({ name, as: cast.ada, url: (office) => office.at(path) });
const doing = (place: Place, name: string, does: (page: Page) => Promise<void>): Place => ({ ...place, name, does });
const press = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first().click();
/** Where the window is narrow, what stands at the side is behind a button. */
const openMenu = async (page: Page) => {
  const menu = page.getByRole('button', { name: /^(Open the menu|Ouvrir le menu)$/ });
  if (await menu.isVisible()) await menu.click();
};

const account: Place = { name: 'account', as: cast.ada, url: ({ origin }) => `${origin}/console/account` };
const signIn: Place = { name: 'sign-in', url: ({ origin }) => `${origin}/console/sign-in` };
const organization = inAcme('organization');
const ownAccess = inAcme('own-access');
const people = inAcme('people');
const invite = inAcme('invite', 'people/invite');
const activity = inAcme('activity');
const outbox = inAcme('outbox');
const keys = inAcme('keys');
const memberPage = (name: string, email: string, as: string = cast.ada): Place => ({
  name,
  as,
  url: (office) => office.at(`people/${encodeURIComponent(email)}`),
});

const memberTab = (name: string, email: string, tab: string): Place => ({
  name,
  as: cast.ada,
  url: (office) => office.at(`people/${encodeURIComponent(email)}?tab=${tab}`),
});

/** Ticks boxes of a feature, or unticks them. */
async function tick(page: Page, feature: string, ...permissions: RegExp[]): Promise<void> {
  const group = page.getByRole('group', { name: feature, exact: true });
  for (const name of permissions) await group.getByRole('checkbox', { name }).click();
}

/** Every page, in the states that matter. */
export const pages: Place[] = [
  people,
  inAcme('people-filtered', 'people?status=pending'),
  inAcme('people-nobody', 'people?search=nobody-of-this-name'),
  invite,
  doing(invite, 'invite-filled', async (page) => {
    const addresses = page.getByLabel(/^(E-mail addresses|Adresses e-mail)/);
    await addresses.fill('eva@example.com, otto@example.com');
    await addresses.press('Enter');
    await tick(page, 'Contacts', /^(View|Consulter)$/, /^(Export|Exporter)$/);
  }),
  memberPage('member', cast.noor),
  doing(memberPage('member-changed', cast.noor), 'member-changed', (page) =>
    tick(page, 'Contacts', /^Import(er)?$/, /^Export(er)?$/),
  ),
  memberTab('member-access', cast.noor, 'access'),
  memberTab('member-access-of-kim', cast.kim, 'access'),
  memberTab('member-history', cast.lucy, 'history'),
  memberPage('member-suspended', cast.sam),
  memberPage('member-pending', cast.elena),
  memberPage('member-failed', cast.yusuf),
  memberPage('member-owner', cast.grace),
  memberPage('member-beyond', cast.tomas, cast.mei),
  memberPage('member-nobody', 'nobody@example.com'),
  activity,
  inAcme('activity-refused', 'activity?outcome=refused'),
  outbox,
  keys,
  inAcme('keys-create', 'keys?create=true'),
  organization,
  ownAccess,
  { ...ownAccess, name: 'own-access-of-noor', as: cast.noor },
  { ...people, name: 'people-not-allowed', as: cast.noor },
  account,
  signIn,
  { ...signIn, name: 'sign-in-wrong-link', url: ({ origin }) => `${origin}/console/sign-in#nonsense` },
  inAcme('not-found', 'nothing-here'),
];

/** Every dialog and menu. */
export const dialogs: Place[] = [
  { ...doing(organization, 'navigation', openMenu), width: 390 },
  doing(organization, 'organizations', async (page) => {
    await openMenu(page);
    await press(page, /^Organi[sz]ation.?:/);
  }),
  doing(organization, 'user-menu', async (page) => {
    await openMenu(page);
    await press(page, /^(You|Vous).?:/);
  }),
  doing(ownAccess, 'own-access-step-down', (page) => press(page, /^(Give up ownership|Renoncer)/)),
  doing(ownAccess, 'own-access-leave', (page) => press(page, /^(Leave|Quitter) /)),
  doing(account, 'account-add-passkey', (page) => press(page, /^(Add a passkey|Ajouter une clé)/)),
  doing(memberTab('', cast.noor, 'access'), 'member-suspend', (page) => press(page, /^Suspend(re)?$/)),
  doing(memberTab('', cast.noor, 'access'), 'member-make-owner', (page) =>
    press(page, /^(Make an owner|Faire propriétaire)/),
  ),
  doing(memberTab('', cast.noor, 'access'), 'member-remove', (page) =>
    press(page, /^(Remove from the organization|Retirer de)/),
  ),
  doing(memberPage('', cast.elena), 'member-take-back', (page) => press(page, /^(Take back|Annuler l’invitation)/)),
  doing(memberPage('', cast.elena), 'member-copy-link', (page) => press(page, /^(Copy link|Copier)/)),
  doing(people, 'people-selected', selectsTwo),
  doing(people, 'people-bulk', async (page) => {
    await selectsTwo(page);
    const change = page.getByRole('button', { name: /^(Change permissions|Changer les permissions)$/ });
    if (!(await change.isVisible())) await press(page, /^Actions$/);
    await page
      .getByText(/^(Change permissions|Changer les permissions)$/)
      .filter({ visible: true })
      .first()
      .click();
  }),
  doing(activity, 'activity-event', (page) => page.getByRole('main').locator('button[aria-expanded]').nth(5).click()),
  doing(activity, 'activity-export', (page) => press(page, /^Export(er)?$/)),
  doing(keys, 'keys-menu', (page) => press(page, /^Actions.*Nightly export/)),
  doing(keys, 'keys-rotate', (page) => chooses(page, /^Actions.*Nightly export/, /^(New secret|Nouveau secret)/)),
  doing(keys, 'keys-delete', (page) => chooses(page, /^Actions.*Nightly export/, /^(Delete|Supprimer)/)),
];

async function selectsTwo(page: Page): Promise<void> {
  for (const email of [cast.noor, cast.lucy])
    await page
      .getByRole('checkbox', { name: new RegExp(email) })
      .filter({ visible: true })
      .first()
      .click();
}

async function chooses(page: Page, menu: RegExp, item: RegExp): Promise<void> {
  await press(page, menu);
  await page.getByRole('menuitem', { name: item }).click();
}

/** A dialog, and the button that opens it, or the item of the menu behind that. */
export interface Opener {
  name: string;
  url: (office: AcmeRockets) => string;
  opener: string | RegExp;
  item?: string | RegExp;
}

const memberAccess = (office: AcmeRockets): string => office.at(`people/${cast.noor}?tab=access`);
const pending = (office: AcmeRockets): string => office.at(`people/${cast.elena}`);
const allKeys = (office: AcmeRockets): string => office.at('keys');

export const openers: Opener[] = [
  { name: 'of giving up ownership', url: (office) => office.at('own-access'), opener: 'Give up ownership' },
  { name: 'of leaving', url: (office) => office.at('own-access'), opener: 'Leave Acme Rockets' },
  { name: 'of adding a passkey', url: ({ origin }) => `${origin}/console/account`, opener: 'Add a passkey' },
  { name: 'of suspending', url: memberAccess, opener: 'Suspend' },
  { name: 'of making an owner', url: memberAccess, opener: 'Make an owner' },
  { name: 'of removing', url: memberAccess, opener: 'Remove from the organization' },
  { name: 'of sending again', url: pending, opener: 'Send again' },
  { name: 'of taking back', url: pending, opener: 'Take back' },
  { name: 'of copying a link', url: pending, opener: /^Copy/ },
  { name: 'of a new secret', url: allKeys, opener: /Nightly export/, item: /^New secret/ },
  { name: 'of deleting a key', url: allKeys, opener: /Nightly export/, item: /^Delete/ },
];
