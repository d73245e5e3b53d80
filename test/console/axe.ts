import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a page as it stands: `rule: element, …`. Of a context with `bypassCSP`. */
export async function violationsIn(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found: { id: string; nodes: { target: string[] }[] }[] = await page.evaluate(async () => {
    const { violations } = await Reflect.get(window, 'axe').run();
    return violations;
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(', ')}`);
}
