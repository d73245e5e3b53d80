import { request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface RawAnswer {
  status: number;
  headers: Record<string, unknown>;
  /** As it was sent, and as JSON. */
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what a body is; typing it beforehand would assume it
  body: any;
}

/** Sends exactly this: no header and no encoding of its own but Host, and Content-Length where there is a body. */
export function rawRequest(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const asked = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    setDefaultHeaders: false,
    headers: {
      host: `127.0.0.1:${port}`,
      ...headers,
      ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
    },
  });
  asked.on('error', reject);
  asked.on('response', async (response) => {
    try {
      const written = await text(response);
      const { statusCode = 0, headers: received } = response;
      resolve({ status: statusCode, headers: received, text: written, body: JSON.parse(written) });
    } catch (error) {
      reject(error);
    }
  });
  asked.end(body);
  return promise;
}
