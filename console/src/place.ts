// Built, every chunk lies in assets/ beside index.html; so each knows where that is, also below a proxy's path.

/** Where the console is: `/console`, or the same below another path. */
export const consolePath = new URL(/* @vite-ignore */ '..', import.meta.url).pathname.replace(/\/$/, '');

/** Where the server is, as its client wants to know it. */
export const serverUrl = new URL(/* @vite-ignore */ '../..', import.meta.url).href;
