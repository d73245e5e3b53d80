import { afterAll, beforeAll, expect, test } from 'vitest';
import { Latchkey, LatchkeyError } from '../../client/src/index.ts';
import { startWorld, type World } from '../world.ts';

let world: World;
let ada: Latchkey;
beforeAll(async () => {
  world = await startWorld();
  ada = new Latchkey({ url: world.base, apiKey: world.ownerKey });
  for (const name of ['mei', 'pia']) await world.invite(`${name}@example.com`);
});
afterAll(() => world?.stop());

const read = (stream: ReadableStream<Uint8Array>): Promise<string> => new Response(stream).text();

test('the audit log is a stream, in the form and of the events that were asked for', async () => {
  const lines = (await read(await ada.exportActivities({ format: 'ndjson' }))).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual((await ada.listActivities({ limit: 100 })).logs);
  const csv = await read(await ada.exportActivities({ email: 'mei@example.com', action: undefined }));
  expect(csv.split('\r\n')).toEqual([
    expect.stringMatching(/^id,date,action,/),
    expect.stringContaining(',mei@example.com,'),
    '',
  ]);
});

test('a refusal is the error that it is', async () => {
  const stranger = new Latchkey({ url: world.base, apiKey: 'unknown' });
  await expect(stranger.exportActivities()).rejects.toMatchObject({ code: 'unauthorized', status: 401 });
  const wrong = ada.exportActivities({ startDate: 'yesterday' });
  await expect(wrong).rejects.toBeInstanceOf(LatchkeyError);
  await expect(wrong).rejects.toMatchObject({ details: [{ path: 'startDate', reason: 'invalid_date' }] });
});

test('a reader that leaves in the middle ends it', async () => {
  const left = new AbortController();
  const stream = await ada.exportActivities({}, { signal: left.signal });
  left.abort();
  await expect(read(stream)).rejects.toThrow();
});
