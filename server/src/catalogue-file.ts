import { readFileSync } from 'node:fs';
import { builtInCatalogue } from '@latchkey/core/catalogue/built-in.ts';
import type { Catalogue } from '@latchkey/core/catalogue/catalogue.ts';
import { CatalogueError, loadCatalogue } from '@latchkey/core/catalogue/load.ts';
import { Problem } from '@latchkey/core/problem.ts';
import { refuseDuplicateNames } from '@latchkey/core/strict-json.ts';
import { OperatorError } from './operator-error.ts';

/** The team's own catalogue, or the built-in one. @throws OperatorError naming the file, the place in it and the reason */
export function readCatalogue(file: string | null): Catalogue {
  if (file === null) return loadCatalogue(builtInCatalogue);
  try {
    const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
    const data: unknown = JSON.parse(text);
    refuseDuplicateNames(text);
    return loadCatalogue(data);
  } catch (error) {
    if (error instanceof CatalogueError) throw new OperatorError(`LATCHKEY_CATALOGUE ${file} at ${error.message}`);
    if (error instanceof Problem)
      throw new OperatorError(`LATCHKEY_CATALOGUE ${file} at ${error.details[0]?.path}: ${error.message}`);
    throw new OperatorError(`LATCHKEY_CATALOGUE ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
