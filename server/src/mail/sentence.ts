import { isolated, shownName, unlinked } from './shown-name.ts';

/** A sentence with its `{places}` filled, each once: what is filled in is never read as a place itself. */
export const fill = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);

/** A name that somebody chose, fit to stand in a sentence of ours: cleaned, no link, keeping its direction to itself. */
export const inSentence = (name: string): string => isolated(unlinked(shownName(name)));
