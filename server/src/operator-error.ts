/** Something that the person who runs Latchkey must put right. The message says what and how; a stack trace would only hide it. */
export class OperatorError extends Error {
  override name = 'OperatorError';
}
