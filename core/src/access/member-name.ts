/**
 * By what a text names a member: an e-mail address has an `@` and external ids have none; an id of ours is a UUID, which an
 * external id may be too, and then the id goes first.
 */
export type NameKind = 'email' | 'id' | 'external_id';

export const nameKind = (name: string): NameKind =>
  name.includes('@') ? 'email' : uuid.test(name) ? 'id' : 'external_id';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
