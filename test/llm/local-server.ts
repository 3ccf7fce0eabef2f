import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on this machine that a test talks to. */
export interface LocalServer {
  origin: string;
  close(): Promise<void>;
}

/** One call that an HTTP server received, read to its end. */
export interface ReceivedCall {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

/** An HTTP server that answers each whole call by `answer`. */
export async function startHttpServer(
  answer: (call: ReceivedCall, response: ServerResponse) => void,
): Promise<LocalServer> {
  const server = createHttpServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      answer(
        { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body },
        response,
      );
    });
  });
  return await listen(server);
}

/** A server that does with the socket what it likes once a first piece of a call has come. */
export async function startRawServer(answer: (socket: Socket) => void): Promise<LocalServer> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  return await listen(server);
}

async function listen(server: Server): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      if (server.listening) await once(server, 'close');
    },
  };
}
