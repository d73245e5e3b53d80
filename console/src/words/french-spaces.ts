/** Lets no line end before what French writes a space in front of, nor after an opening quotation mark. */
export function withFrenchSpaces<Words>(words: Words): Words {
  if (typeof words === 'string') return spaced(words) as Words;
  if (typeof words === 'function') return ((...values: unknown[]) => spaced(words(...values))) as Words;
  return Object.fromEntries(
    Object.entries(words as object).map(([key, part]) => [key, withFrenchSpaces(part)]),
  ) as Words;
}

const spaced = (text: string): string => text.replaceAll(/ (?=[;:!?»])|(?<=«) /g, '\u00a0');
