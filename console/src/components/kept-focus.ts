/** Something that had the focus, and where it stood then, the nearest first. */
interface Holder {
  element: Element;
  within: Element[];
}

const rememberedHolders = 20;
/** Milliseconds in which whatever takes something away may put the focus elsewhere itself. */
const patience = 100;

/**
 * Keeps who has no mouse from being thrown back to the beginning of the document: where what has the focus goes away, by being
 * done with or by a dialog that closes, the focus goes to what opened the dialog, else to the heading of the part in which it
 * was. What rests only while it works has it again afterwards.
 */
export function keepFocus(): void {
  /** The latest first. */
  let holders: Holder[] = [];
  let missing = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const restore = (): void => {
    if (hasFocus()) return;
    const target = nextOf(holders);
    target?.focus({ preventScroll: true });
    if (target?.matches(':focus-visible')) target.scrollIntoView({ block: 'nearest' });
  };

  const look = (): void => {
    const [latest] = holders;
    if (hasFocus() || !latest) missing = false;
    // Whoever clicked beside it has left it by themselves.
    else if (missing || !isUsable(latest.element)) {
      missing = true;
      clearTimeout(timer);
      timer = setTimeout(restore, patience);
    }
  };

  document.addEventListener('focusin', ({ target }) => {
    // What a menu or a list offers is gone once it is chosen; what opened it stays.
    if (!(target instanceof HTMLElement) || target.closest('[role="menu"], [role="listbox"]')) return;
    const others = holders.filter(({ element }) => element !== target);
    holders = [{ element: target, within: placesOf(target) }, ...others].slice(0, rememberedHolders);
  });
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget === null)
      setTimeout(() => {
        if (!hasFocus() && document.hasFocus() && target instanceof Element && isUsable(target)) holders = [];
      });
  });
  new MutationObserver(look).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden'],
  });
}

/** Where the focus belongs, if what has had it has it no more; undefined while that may still come back. */
function nextOf(holders: readonly Holder[]): HTMLElement | null | undefined {
  for (const { element, within } of holders) {
    if (element instanceof HTMLElement && isUsable(element)) return element;
    if (isBusy(element)) return undefined;
    const dialog = within.find((place) => place.matches('[role="dialog"]'));
    if (dialog && !dialog.isConnected) continue;
    const place = within.find(({ isConnected }) => isConnected);
    return headingOf(place?.closest('[role="dialog"], section')) ?? headingOf(document.querySelector('main'));
  }
  return undefined;
}

function headingOf(part: Element | null | undefined): HTMLElement | null {
  const heading = part?.querySelector<HTMLElement>('h1, h2') ?? null;
  if (heading && heading.tabIndex < 0) heading.tabIndex = -1;
  return heading;
}

function placesOf(element: Element): Element[] {
  const { parentElement: parent } = element;
  return parent && parent !== document.body ? [parent, ...placesOf(parent)] : [];
}

const hasFocus = (): boolean =>
  document.activeElement !== null &&
  document.activeElement !== document.body &&
  !document.activeElement.matches(':disabled');

const isUsable = (element: Element): boolean =>
  element.isConnected && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true });

const isBusy = (element: Element): boolean => element.isConnected && element.matches('[data-loading]');
