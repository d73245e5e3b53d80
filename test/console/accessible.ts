import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { violationsIn } from './axe.ts';

/** Expects that axe finds nothing wrong with a page as it stands, light and dark. Of a context with `bypassCSP`. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect({ colorScheme, violations: await violationsIn(page) }).toEqual({ colorScheme, violations: [] });
  }
}
