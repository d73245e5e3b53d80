import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Visit {
  page: Page;
  /** Violations of the page's own security policy, and errors that nobody caught. */
  complaints: string[];
  heading(): Promise<string>;
  /** Everything the page says at the moment. */
  said(): Promise<string>;
  /** What screen readers hear about what is going on. */
  status(): Promise<string>;
  /** Waits until the page has something to say, and returns its heading. */
  settledHeading(): Promise<string>;
  button(name: string): ReturnType<Page['getByRole']>;
  focused(): Promise<string>;
}

/** Opens an address in a context of its own, as somebody with this locale and screen would. Close the page's context after. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('console', (message) => {
    // The browser reports every reply that is not 2xx here; those are scripted.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await page.goto(address);
  const heading = async () => (await page.locator('h1').textContent()) ?? '';
  const said = async () => (await page.locator('#view').textContent()) ?? '';
  const status = async () => (await page.getByRole('status').textContent()) ?? '';
  return {
    page,
    complaints,
    heading,
    said,
    status,
    async settledHeading() {
      await page.locator('h1:focus').waitFor();
      return heading();
    },
    button: (name) => page.getByRole('button', { name, exact: true }),
    focused: () => page.evaluate(() => document.activeElement?.textContent ?? ''),
  };
}
