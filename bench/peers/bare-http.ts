import { createServer } from 'node:http';
import { listenAndTell } from './listen-and-tell.ts';

/** A server that answers every request with the same prepared reply: what is left when there is nothing to decide. */
process.once('message', ({ status, headers, body }: PreparedReply) => {
  const bytes = Buffer.from(body);
  const server = createServer((_request, response) => {
    response.writeHead(status, headers);
    response.end(bytes);
  });
  listenAndTell(server);
});

export interface PreparedReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}
