// Before anything is painted, so that nobody who chose dark sees a flash of light.
const chosen = localStorage.getItem('latchkey-color-scheme');
const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
