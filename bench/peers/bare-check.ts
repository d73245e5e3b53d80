import { createServer } from 'node:http';
import { listenAndTell } from './listen-and-tell.ts';

/**
 * The floor under a check: reads the same request to its end, parses its JSON, and writes the same bytes, with nobody asked
 * who they are and nothing decided. Its id is the same in every reply.
 */
process.once('message', ({ status, headers, body }: CheckReply) => {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      JSON.parse(String(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)));
      response.writeHead(status, headers);
      response.end(body);
    });
  });
  listenAndTell(server);
});

export interface CheckReply {
  status: number;
  /** Names and values in turn, which is the form that Node writes fastest. */
  headers: string[];
  body: string;
}
