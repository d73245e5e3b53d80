/** COSE's numbers of those that every authenticator has one of, the best first: Ed25519, ES256, RS256. */
export const signatureAlgorithms = [-8, -7, -257];
