import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** Presses Tab until something has the focus, as somebody without a mouse gets there. */
export async function tabTo(page: Page, target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor();
  for (let presses = 0; presses < 150; presses++) {
    if (await hasFocus(target)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never came to ${target}`);
}

export const hasFocus = (target: Locator): Promise<boolean> =>
  target.evaluate((element) => element === document.activeElement);

/** Waits until something has the focus, which comes to it by itself. */
export async function focusComesTo(target: Locator): Promise<void> {
  await target.waitFor();
  await expect.poll(() => hasFocus(target), { timeout: 10_000 }).toBe(true);
}
