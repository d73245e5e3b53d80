/** Markup that is safe to send: only the `html` tag makes it, and the tag escapes whatever is put into it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Insertable = string | number | Html | readonly Html[];

/** Writes markup. Values are escaped for text and for quoted attributes, unless they are markup themselves. */
export function html(literals: TemplateStringsArray, ...values: Insertable[]): Html {
  return new Html(literals.reduce((written, literal, index) => written + inserted(values[index - 1] ?? '') + literal));
}

function inserted(value: Insertable): string {
  if (value instanceof Html) return value.markup;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map((part) => part.markup).join('');
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
