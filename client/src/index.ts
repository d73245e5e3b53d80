export { Access } from './access.ts';
export type { AccessAnswer, AccessQuestion } from './access-question.ts';
export { type Answer, type AtRevision, Call, type CallOptions, type IdempotencyKey, type IfMatch } from './call.ts';
export { type ActivityExport, Latchkey, type LatchkeySettings } from './client.ts';
export { LatchkeyError, type LatchkeyErrorCode, type ProblemDetail, type TransportFault } from './error.ts';
export type * from './operations.ts';
export { type MemberHandle, Replica, type ReplicaMember, type ReplicaOptions } from './replica/replica.ts';
export { tickingClock } from './replica/ticking-clock.ts';
export { AccessToken, AccessTokens, type TokenSettings } from './token.ts';
