/** What authenticators know somebody by: the bytes of their identity's id, in base64url, which say nothing about them. */
export const userHandle = (identityId: string): string =>
  Buffer.from(identityId.replaceAll('-', ''), 'hex').toString('base64url');
