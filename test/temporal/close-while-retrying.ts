/** Closes a connection while a call waits for its next try, and lives on for longer than that wait. */
import { once } from 'node:events';
import { createServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { retryInterceptors } from '../../src/temporal/retry-interceptors';

async function main(): Promise<void> {
  const server = createServer();
  const sessions: ServerHttp2Session[] = [];
  server.on('session', (session) => sessions.push(session));
  server.on('stream', (stream) => {
    const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '12' }; // not implemented
    stream.respond(headers, { endStream: true });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  let isClosed = false;
  const interceptors = retryInterceptors(() => isClosed);
  const connection = await Connection.connect({ address, interceptors });
  server.close();
  for (const session of sessions) session.destroy();
  void connection.workflowService.describeNamespace({ namespace: 'default' }).catch(() => {});
  await sleep(500);
  isClosed = true;
  await connection.close();
  await sleep(3000);
  process.stdout.write('still there\n');
}

void main();
