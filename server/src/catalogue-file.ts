import { readFileSync } from 'node:fs';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { CatalogueError, loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import { OperatorError } from './operator-error.ts';

/** The team's own catalogue, or the built-in one. @throws OperatorError naming the file, the place in it and the reason */
export function readCatalogue(file: string | null): Catalogue {
  if (file === null) return loadCatalogue(builtInCatalogue);
  try {
    return loadCatalogue(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof CatalogueError) throw new OperatorError(`LATCHKEY_CATALOGUE ${file} at ${error.message}`);
    throw new OperatorError(`LATCHKEY_CATALOGUE ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
