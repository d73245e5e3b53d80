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
    part.inert = document.querySelector('main:not(.references-rendered)') !== null;
  },
  // Landmarks that cannot be told apart are groups.
  'section.contents:not([role]), .response-card[role="region"]': (part) => part.setAttribute('role', 'group'),
  'section[aria-label^="Notifications"]:not([role])': (part) => part.setAttribute('role', 'group'),
  '.cm-content:not([aria-label])': (field) => field.setAttribute('aria-label', 'Body'),
};

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const [which, mend] of Object.entries(mending)) document.querySelectorAll(which).forEach(mend);
  });
}).observe(document.body, { childList: true, subtree: true });
