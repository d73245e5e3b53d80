// What browsers say of themselves, those first that pretend to be the others.
const browsers = {
  Edg: 'Edge',
  OPR: 'Opera',
  SamsungBrowser: 'Samsung Internet',
  Firefox: 'Firefox',
  FxiOS: 'Firefox',
  CriOS: 'Chrome',
  Chrome: 'Chrome',
  Safari: 'Safari',
};
const systems = {
  iPhone: 'iPhone',
  iPad: 'iPad',
  Android: 'Android',
  CrOS: 'ChromeOS',
  Windows: 'Windows',
  'Mac OS X': 'macOS',
  Linux: 'Linux',
};

/** Browser and system as people call them, from what the browser sent; undefined where either is unknown. */
export function deviceOf(userAgent: string | null): { browser: string; system: string } | undefined {
  const browser = firstIn(browsers, userAgent ?? '');
  const system = firstIn(systems, userAgent ?? '');
  return browser && system ? { browser, system } : undefined;
}

/** What this browser runs on, as a first name for a passkey that it makes; empty where that is unknown. */
export const thisDevice = (): string => firstIn(systems, navigator.userAgent) ?? '';

function firstIn(names: Record<string, string>, userAgent: string): string | undefined {
  return Object.entries(names).find(([sign]) => userAgent.includes(sign))?.[1];
}
