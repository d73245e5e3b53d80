import type { Browser, BrowserContextOptions } from 'playwright-core';
import { expect } from 'vitest';
import { type Visit, visit } from '../join-page/join-visit.ts';

/** Somebody in front of the join page, who waits until it says what it should. */
export interface JoinVisitor extends Visit {
  reads(heading: string): Promise<void>;
  /** Closes the browser window; the page must have run without a complaint. */
  leaves(): Promise<void>;
}

export async function opens(browser: Browser, link: string, options: BrowserContextOptions = {}): Promise<JoinVisitor> {
  const visitor = await visit(browser, link, options);
  return {
    ...visitor,
    reads: (heading) => visitor.page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor(),
    async leaves() {
      expect(visitor.complaints).toEqual([]);
      await visitor.page.context().close();
    },
  };
}
