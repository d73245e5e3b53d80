// Mends what Scalar leaves without a name, or calls what it is not, for people who hear the page instead of seeing it.
const mending = {
  'button[class*="copy-button"]:not([aria-label])': (button) => {
    button.setAttribute('aria-label', 'Copy');
    button.removeAttribute('aria-controls');
  },
  'button[role="none"]': (button) => button.removeAttribute('role'),
  'button.show-more[aria-label^="Show all"]': (button) =>
    button.setAttribute('aria-label', `${button.textContent.trim()}: ${button.ariaLabel.replace(/^Show/, '').trim()}`),
  '[contenteditable][role="combobox"]:not([aria-label])': (field) =>
    field.setAttribute('aria-label', field.dataset.placeholder || 'Value'),
  '[contenteditable][role="combobox"]:not([aria-expanded])': (field) => field.setAttribute('aria-expanded', 'false'),
  // What stands behind the window in which a request is tried is out of reach meanwhile, as it looks.
  'main.references-rendered': (part) => {
    const other = document.querySelector('main:not(.references-rendered)');
    // Once closed it is still there, and cannot be seen.
    const opened = other?.checkVisibility({ opacityProperty: true, visibilityProperty: true }) ?? false;
    if (part.inert === opened) return;
    part.inert = opened;
    // The focus goes into the window, and back to what opened it.
    if (opened) enter(other, part);
    else opener?.focus();
  },
  // A joke of Scalar's stands where the key goes, and looks like one that somebody left.
  'input[placeholder^="QUxM"]': (field) => {
    field.placeholder = 'Paste a key';
  },
  // Landmarks that cannot be told apart are groups.
  'section.contents:not([role]), .response-card[role="region"]': (part) => part.setAttribute('role', 'group'),
  'section[aria-label^="Notifications"]:not([role])': (part) => part.setAttribute('role', 'group'),
  '.cm-content:not([aria-label])': (field) => field.setAttribute('aria-label', 'Body'),
};

/** What had the focus last that was not in that window. */
let opener;
addEventListener('focusin', ({ target }) => {
  if (target.closest?.('main.references-rendered')) opener = target;
});

/** Once there is something in it that can have the focus. */
function enter(part, behind) {
  part.querySelector('button')?.focus();
  if (behind.inert && !part.contains(document.activeElement)) requestAnimationFrame(() => enter(part, behind));
}

let waiting = false;
const mendSoon = () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const [which, mend] of Object.entries(mending)) document.querySelectorAll(which).forEach(mend);
  });
};
const whatMatters = { childList: true, subtree: true, attributes: true, attributeFilter: ['class', 'style'] };
new MutationObserver(mendSoon).observe(document.body, whatMatters);
for (const end of ['transitionend', 'animationend']) addEventListener(end, mendSoon);
