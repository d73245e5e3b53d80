import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openBrowser } from '../browser.ts';
import type { MailPeerOptions } from '../mail/mail-peer.ts';
import { type Mailbox, ownAddress, startMailbox } from '../mailbox/mailbox.ts';
import type { World } from '../world.ts';

/** A server with its console, a mail server, and a browser in which people come to it. */
export interface Office {
  world: World;
  mailbox: Mailbox;
  browser: Browser;
  /** Where people open the server: a name rather than a number, since browsers make passkeys for names only. */
  origin: string;
  /** The address of a page of the first organization, or of another. */
  at(page: string, organizationId?: string): string;
  /** Opens a window: of somebody who is signed in already, or of nobody. */
  window(options?: WindowOptions): Promise<Visitor>;
  close(): Promise<void>;
}

export interface WindowOptions extends BrowserContextOptions {
  /** Who is signed in in it. */
  as?: string;
}

/** Somebody in front of the console, in a browser of their own. */
export interface Visitor {
  page: Page;
  context: BrowserContext;
  /** What no page of ours may ever give cause for: its own policy violated, an error that nobody caught, a dialog. */
  complaints: string[];
  /** Waits for a page with this heading. */
  reads(heading: string | RegExp): Promise<void>;
  /** Where the window is, without the server's name. */
  address(): string;
  /** Closes the window; there must have been no cause for complaints. */
  leaves(): Promise<void>;
}

/**
 * @param settings as in the environment; `SMTP_URL: ''` for a server that sends no mail
 * @param mailServer what it refuses
 */
export async function openOffice(
  settings: Record<string, string> = {},
  mailServer: MailPeerOptions = {},
): Promise<Office> {
  const { PORT } = await ownAddress();
  const origin = `http://localhost:${PORT}`;
  const [mailbox, browser] = await Promise.all([
    startMailbox({ PORT, PUBLIC_URL: origin, ...settings }, mailServer),
    openBrowser(),
  ]);
  const { world } = mailbox;
  return {
    world,
    mailbox,
    browser,
    origin,
    at: (page, organizationId = world.organizationId) => `${origin}/console/o/${organizationId}/${page}`,
    async window({ as, ...options } = {}) {
      const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
      if (as !== undefined) await context.addCookies([await sessionCookieOf(world, as, origin)]);
      return sitDown(context);
    },
    async close() {
      await browser.close();
      await mailbox.stop();
    },
  };
}

/** What the browser of somebody holds who signed in by the operator's word. */
export async function sessionCookieOf(world: World, email: string, url: string, organizationId?: string) {
  const { cookie } = await world.signIn(email, organizationId);
  const [name = '', value = ''] = cookie.split('=');
  return { name, value, url, httpOnly: true, sameSite: 'Strict' as const };
}

/** Opens another window of a browser. */
export async function sitDown(context: BrowserContext): Promise<Visitor> {
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', async (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('console', (message) => {
    // The browser reports every reply that is not 2xx here.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text());
  });
  await page.exposeFunction('complainOfPolicy', (what: string) => void complaints.push(what));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      Reflect.get(window, 'complainOfPolicy')(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
    );
  });
  return {
    page,
    context,
    complaints,
    reads: (heading) => page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor(),
    address: () => page.url().slice(new URL(page.url()).origin.length),
    async leaves() {
      expect(complaints).toEqual([]);
      await context.close();
    },
  };
}
