/** Finds a port on 127.0.0.1 that nobody listens on, by listening on it for a moment. */
import { createServer, type AddressInfo } from 'node:net';

/** The preferred port where it is free, else any free one. Another process may take it before the caller does. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred === undefined) return await tryPort(0);
  return await tryPort(preferred).catch(() => tryPort(0));
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const { port: found } = server.address() as AddressInfo;
      server.close(() => resolve(found));
    });
  });
}
