/** What the address of this page says besides its path. */
export interface KeysSearch {
  /** A key is being made. */
  create?: true;
  /** A part of a key's name, of its last characters, or of its member's address. */
  find?: string;
}

/** Takes from an address what this page understands, and passes over the rest. */
export function readKeysSearch({ create, find }: Record<string, unknown>): KeysSearch {
  const text = typeof find === 'number' ? String(find) : find;
  return {
    ...(create === true && { create }),
    ...(typeof text === 'string' && text.trim() !== '' && { find: text.slice(0, 200) }),
  };
}
