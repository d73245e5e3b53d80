/** An operation as the client needs to know it. */
export interface OperationShape {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the server's address on, parameters as `{email}`. */
  path: string;
  /** The inputs that travel in the query. */
  query?: readonly string[];
  /** All other inputs travel in a JSON body. */
  body?: true;
  /** A repetition is told by its Idempotency-Key. */
  once?: true;
  /** Takes `ifMatch`. */
  conditional?: true;
  /** It has pages: the reply's list. */
  list?: string;
}
