export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what a body is; typing it beforehand would assume it
  body: any;
  headers: Headers;
}

/** Sends requests with one credential and reads JSON answers, without any of an SDK's comforts. */
export interface Client {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

/** @param base with /v3 */
export function client(base: string, credential: Record<string, string>): Client {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await fetch(base + path, {
      method,
      headers: { ...credential, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await textOf(response);
    return { status: response.status, body: bodyOf(response, text), headers: response.headers };
  };
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body = {}, headers) => send('POST', path, body, headers),
    put: (path, body, headers) => send('PUT', path, body, headers),
    delete: (path, headers) => send('DELETE', path, undefined, headers),
  };
}

const quietMilliseconds = 250;

/** What came, as text. A stream of events has no end of its own: it is left after the first one, or where none comes. */
export async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  const quiet = setTimeout(() => reader.cancel().catch(() => {}), quietMilliseconds);
  let text = '';
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    text += decoder.decode(next.value, { stream: true });
    if (text.includes('data:')) break;
  }
  clearTimeout(quiet);
  await reader.cancel();
  return text;
}

/** JSON as its value; a stream as the list of its values. */
function bodyOf(response: Response, text: string): unknown {
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/csv')) return text;
  if (type.startsWith('application/x-ndjson')) return lines(text).map((line) => JSON.parse(line));
  if (type.startsWith('text/event-stream'))
    return lines(text).flatMap((line) => (line.startsWith('data:') ? [JSON.parse(line.slice(5))] : []));
  return text === '' ? undefined : JSON.parse(text);
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
