/**
 * How a language counts: `counting('en')(2, { one: 'person', other: 'people' })` is `2 people`, with the number as people write it.
 */
export function counting(tag: string): (count: number, forms: { one: string; other: string }) => string {
  const rules = new Intl.PluralRules(tag);
  const numbers = new Intl.NumberFormat(tag);
  return (count, { one, other }) => `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}
