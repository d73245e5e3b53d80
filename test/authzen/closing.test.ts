import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { rawRequest } from '../bad-input/raw-http.ts';
import { paths } from './decision-point.ts';
import { startRecords } from './records.ts';

test('a check that comes while the server closes is answered, and told to come back elsewhere', async () => {
  const world = await startRecords();
  const body = JSON.stringify({
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'record', id: 'record-1' },
  });
  const headers = { 'api-key': world.ownerKey, 'content-type': 'application/json' };
  const whole = rawRequest('POST', paths.evaluation, headers, body);
  const socket = connect(world.server.port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes) => (text += String(bytes)));
  await once(socket, 'connect');
  // Under way when the closing begins, so that the connection is not idle.
  socket.write(whole.slice(0, -5));
  await sleep(100);
  const stopped = world.stop();
  await sleep(100);
  socket.write(whole.slice(-5) + whole);
  await once(socket, 'close');
  await stopped;
  expect(text.match(/HTTP\/1.1 200/g)).toHaveLength(2);
  expect(text.slice(text.lastIndexOf('HTTP/1.1')).toLowerCase()).toContain('\r\nconnection: close\r\n');
});
