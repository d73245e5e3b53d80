/**
 * The one way in which text may become markup here: not at all. Mantine and React set the text of style elements as if it were
 * markup; with nothing in it that opens an element, text it stays.
 */
(globalThis as { trustedTypes?: TrustedTypes }).trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('The console writes no markup.');
    return text;
  },
});

interface TrustedTypes {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

export {};
